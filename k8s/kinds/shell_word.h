// Settings of a SparkConnect: its operator joins them with blanks, unquoted, into one line for
// `bash -c`, so that Spark gets what the shell leaves of each.
//
// Source: the operator's internal/controller/sparkconnect, release 2.5.2.
#pragma once

#include <string>
#include <string_view>

namespace ballast::k8s {

// What the shell makes of a text that stands within a word: quotes and backslashes taken away.
struct ShellWord {
  std::string text;
  // False: it is not one word (a blank, an operator such as & or ;), or is not known before the
  // shell runs ($HOME), or never ends (an open quote). `text` is then as it was written.
  bool whole = true;
};
ShellWord ReadShellWord(std::string_view written);

// The text so that the shell gives it back: as it is, or in single quotes.
std::string QuoteForShell(std::string_view text);

}  // namespace ballast::k8s
