#include "webhook/commands/unknown_word.h"

#include <algorithm>
#include <string_view>

#include "webhook/policy_file/near_word.h"

namespace ballast::webhook {
namespace {

std::vector<std::string_view> Views(const std::vector<std::string>& words) {
  return {words.begin(), words.end()};
}

std::string UnknownCommand(const CLI::App& app, std::string_view word) {
  const std::vector<std::string> all = CommandNames(app);
  if (std::find(all.begin(), all.end(), word) != all.end()) return "";
  return "there is no command " + std::string(word) + DidYouMean(word, Views(all));
}

const CLI::App* SubcommandOf(const CLI::App& app, std::string_view name) {
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

bool HasOption(const CLI::App& app, const std::string& name) {
  return app.get_option_no_throw(name) != nullptr;
}

std::vector<std::string> OptionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// " (check and audit have it)": it was given to the wrong command.
std::string WhoHasIt(const CLI::App& app, const std::string& option) {
  std::vector<std::string> who;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (HasOption(*command, option)) who.push_back(command->get_name());
  }
  if (who.empty()) return "";
  return " (" + Enumerated(Views(who)) + (who.size() == 1 ? " has it)" : " have it)");
}

}  // namespace

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::string UnknownWord(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2 || argv[1][0] == '-') return "";
  if (std::string unknown = UnknownCommand(app, argv[1]); !unknown.empty()) return unknown;
  const CLI::App* command = &app;
  std::string called;
  int at = 1;
  for (; at < argc; ++at) {
    const CLI::App* next = SubcommandOf(*command, argv[at]);
    if (next == nullptr) break;
    command = next;
    called += (called.empty() ? "" : " ") + next->get_name();
  }
  for (; at < argc && std::string_view(argv[at]) != "--"; ++at) {
    const std::string_view word = argv[at];
    const std::string option(word.substr(0, word.find('=')));
    if (!word.starts_with("--") || HasOption(*command, option)) continue;
    const std::string meant = DidYouMean(option, Views(OptionNames(*command)));
    return called + " has no option " + option + (meant.empty() ? WhoHasIt(app, option) : meant);
  }
  return "";
}

}  // namespace ballast::webhook
