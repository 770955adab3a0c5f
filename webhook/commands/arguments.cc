#include "webhook/commands/arguments.h"

#include <CLI/CLI.hpp>
#include <utility>

namespace ballast::webhook {

Option Option::Required() const {
  option_->required();
  return *this;
}

Option Option::TypeName(const char* name) const {
  option_->type_name(name);
  return *this;
}

Option Option::OneOf(std::initializer_list<const char*> words) const {
  option_->check(CLI::IsMember(std::vector<std::string>(words.begin(), words.end())));
  return *this;
}

Option Option::Between(int64_t least, int64_t most) const {
  option_->check(CLI::Range(least, most));
  return *this;
}

Option Option::Excludes(Option other) const {
  option_->excludes(other.option_);
  return *this;
}

Option Option::OnePerName() const {
  option_->allow_extra_args(false);
  return *this;
}

Option Option::ShowDefault() const {
  option_->capture_default_str();
  return *this;
}

Option Command::AddOption(const std::string& names, std::string& value,
                          const std::string& help) const {
  return Option(app_->add_option(names, value, help));
}

Option Command::AddOption(const std::string& names, std::vector<std::string>& value,
                          const std::string& help) const {
  return Option(app_->add_option(names, value, help));
}

Option Command::AddOption(const std::string& names, std::filesystem::path& value,
                          const std::string& help) const {
  return Option(app_->add_option(names, value, help));
}

Option Command::AddOption(const std::string& names, int& value, const std::string& help) const {
  return Option(app_->add_option(names, value, help));
}

Option Command::AddOption(const std::string& names, int64_t& value, const std::string& help) const {
  return Option(app_->add_option(names, value, help));
}

Option Command::AddOption(const std::string& names, size_t& value, const std::string& help) const {
  return Option(app_->add_option(names, value, help));
}

Option Command::AddFlag(const std::string& names, bool& value, const std::string& help) const {
  return Option(app_->add_flag(names, value, help));
}

Command Command::AddSubcommand(const std::string& name, const std::string& about) const {
  return Command(app_->add_subcommand(name, about));
}

void Command::RequireSubcommand() const { app_->require_subcommand(1); }

void Command::SetFooter(const std::string& text) const { app_->footer(text); }

void Command::OnCall(std::function<void()> run) const { app_->callback(std::move(run)); }

}  // namespace ballast::webhook
