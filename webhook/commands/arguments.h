// How a command says which options it takes. The library that parses them, CLI11, is all in its
// headers, and takes seconds of each source that includes them: commands know it by these two
// handles, which are cheap to copy and live as long as the app does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace ballast::webhook {

// One option, or an argument without a name. Each call returns the option itself.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option Required() const;
  // What --help shows behind the name; after a FILE the shell completes files.
  Option TypeName(const char* name) const;
  Option OneOf(std::initializer_list<const char*> words) const;
  Option Between(int64_t least, int64_t most) const;
  Option Excludes(Option other) const;
  // --name a --name b, and not --name a b.
  Option OnePerName() const;
  // The variable's present value, in --help.
  Option ShowDefault() const;

 private:
  CLI::Option* option_;
};

class Command {
 public:
  explicit Command(CLI::App* app) : app_(app) {}

  // `names` are as in "-f,--filename", or "file" for an argument. `value` is written when the
  // command line is parsed, which it must live to see.
  Option AddOption(const std::string& names, std::string& value, const std::string& help) const;
  Option AddOption(const std::string& names, std::vector<std::string>& value,
                   const std::string& help) const;
  Option AddOption(const std::string& names, std::filesystem::path& value,
                   const std::string& help) const;
  Option AddOption(const std::string& names, int& value, const std::string& help) const;
  Option AddOption(const std::string& names, int64_t& value, const std::string& help) const;
  Option AddOption(const std::string& names, size_t& value, const std::string& help) const;
  Option AddFlag(const std::string& names, bool& value, const std::string& help) const;

  Command AddSubcommand(const std::string& name, const std::string& about) const;
  void RequireSubcommand() const;
  // What --help ends with.
  void SetFooter(const std::string& text) const;
  // Called when the user chose this command.
  void OnCall(std::function<void()> run) const;

  // For who reads back which commands and options there are.
  CLI::App& app() const { return *app_; }

 private:
  CLI::App* app_;
};

}  // namespace ballast::webhook
