// What the command line prints: colours where a person looks, tables and bars in plain text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::webhook {

enum class Colour { kNone, kRed, kGreen, kYellow, kBlue, kBold, kFaint };

// Whether standard output takes colours: a terminal, TERM is not "dumb", and NO_COLOR is unset.
bool StdoutTakesColours();

// Text that is coloured or not, as decided once for the whole run.
class Paint {
 public:
  explicit Paint(bool colours) : colours_(colours) {}
  std::string operator()(Colour colour, std::string_view text) const;

 private:
  bool colours_;
};

// A text as a terminal may be told it. Control characters in what others wrote could move the
// cursor or hide what stands before them: they become "\u001b", which in JSON and in quoted YAML is
// the same text. New lines and tabs stay, and where there are `colours`, those of Paint.
std::string Harmless(std::string_view text, bool colours);

// Prints it so on standard output. What commands say goes through here.
void ShowText(std::string_view text);

// Columns as wide as their widest cell, two spaces apart. A cell may hold UTF-8 and colour
// sequences: both count as what is seen.
class Table {
 public:
  enum class Align { kLeft, kRight };
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // Every line begins with `indent` and ends with a newline; no trailing blanks.
  std::string Print(std::string_view indent = "") const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// How many columns a text takes on a terminal.
size_t SeenWidth(std::string_view text);

// Breaks a text at blanks so that no line is wider than 100 columns; lines after the first begin
// with `indent`, and the first is taken to begin at the same column. A word is never broken.
std::string Wrapped(std::string_view text, std::string_view indent);

// "██████░░░░": `share` (0..1, held there) of `width` columns, in eighths of a column.
std::string Bar(double share, size_t width);

// "28g"-like texts for people: "30.8 GiB", "384 MiB"; "9.85 TiB".
std::string HumanMebibytes(double mebibytes);
// "4", "3.5" cores.
std::string HumanCores(int64_t millis);
// "12,345".
std::string Grouped(int64_t number);
// "45 %", "97.7 %": one digit after the point where it is not a whole number.
std::string Percent(double share);

}  // namespace ballast::webhook
