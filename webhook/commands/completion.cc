// `ballast completion SHELL`: a completion script, made from the commands and options that there
// are.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "webhook/commands/command_line.h"

namespace ballast::webhook {
namespace {

// Options that take a file name; the shell completes files after them.
bool TakesFile(const CLI::Option& option) { return option.get_type_name() == "FILE"; }

std::vector<std::string> OptionNames(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

// The first line of a description, fit to stand in single quotes.
std::string OneLine(const std::string& description) {
  std::string line = description.substr(0, description.find('\n'));
  std::erase(line, '\'');
  return line;
}

void BashCases(const CLI::App& app, const std::string& path, std::string& words,
               std::string& files) {
  std::string list;
  for (const CLI::App* command : app.get_subcommands({})) list += command->get_name() + " ";
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : OptionNames(*option)) {
      list += name + " ";
      if (TakesFile(*option)) files += "|" + name;
    }
  }
  if (!list.empty()) list.pop_back();
  words += "    '" + path + "') words='" + list + "' ;;\n";
  for (const CLI::App* command : app.get_subcommands({})) {
    BashCases(*command, path + " " + command->get_name(), words, files);
  }
}

std::string BashScript(const CLI::App& root) {
  std::string words;
  std::string files = "-f";
  BashCases(root, "ballast", words, files);
  std::string commands;
  for (const CLI::App* command : root.get_subcommands({})) commands += "|" + command->get_name();
  return "# bash completion for ballast; load it with: source <(ballast completion bash)\n"
         "_ballast() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  local path=ballast word words=''\n"
         "  case $previous in\n"
         "    " +
         files +
         ") COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n"
         "  esac\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case $word in -*) ;; *) case \"$path $word\" in\n"
         "      'ballast policy '*|'ballast certs '*|'ballast '*) path=\"$path $word\" ;;\n"
         "    esac ;; esac\n"
         "  done\n"
         "  case $path in\n" +
         words +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -o default -F _ballast ballast\n";
}

void FishLines(const CLI::App& app, const std::string& condition, std::string& script) {
  for (const CLI::App* command : app.get_subcommands({})) {
    script += "complete -c ballast -f -n '" + condition + "' -a " + command->get_name() + " -d '" +
              OneLine(command->get_description()) + "'\n";
    FishLines(*command, "__fish_seen_subcommand_from " + command->get_name(), script);
  }
  for (const CLI::Option* option : app.get_options()) {
    std::string line = "complete -c ballast -n '" + condition + "'";
    for (const std::string& name : option->get_lnames()) line += " -l " + name;
    for (const std::string& name : option->get_snames()) line += " -s " + name;
    if (option->get_expected_min() > 0) line += TakesFile(*option) ? " -r -F" : " -x";
    script += line + " -d '" + OneLine(option->get_description()) + "'\n";
  }
}

std::string FishScript(const CLI::App& root) {
  std::string script =
      "# fish completion for ballast; load it with: ballast completion fish | source\n";
  FishLines(root, "__fish_use_subcommand", script);
  return script;
}

std::string ZshScript(const CLI::App& root) {
  return "#compdef ballast\n"
         "# zsh completion for ballast; load it with: source <(ballast completion zsh)\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         BashScript(root);
}

}  // namespace

void AddCompletion(Command app, ExitStatus& /*status*/) {
  const Command command = app.AddSubcommand("completion", "Print a completion script for a shell");
  command.SetFooter(
      "Examples:\n  source <(ballast completion bash)\n  ballast completion fish | source");
  auto shell = std::make_shared<std::string>();
  command.AddOption("shell", *shell, "bash, zsh or fish").Required().OneOf({"bash", "zsh", "fish"});
  command.OnCall([app, shell] {
    const std::string script = *shell == "bash"  ? BashScript(app.app())
                               : *shell == "zsh" ? ZshScript(app.app())
                                                 : FishScript(app.app());
    std::fputs(script.c_str(), stdout);
  });
}

}  // namespace ballast::webhook
