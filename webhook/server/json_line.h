// One line of a log: a JSON object, built field by field into one string. Whatever the values hold,
// the line is valid JSON, has no line break and is bounded: long texts are cut.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ballast::webhook {

class JsonLine {
 public:
  // Begins with the time (now, UTC, milliseconds), the level and the message.
  JsonLine(std::string_view level, std::string_view message);

  JsonLine& Text(std::string_view key, std::string_view value);
  JsonLine& Number(std::string_view key, int64_t value);
  JsonLine& Flag(std::string_view key, bool value);
  // A list of texts; empty at first, then Item by Item until EndList.
  JsonLine& BeginList(std::string_view key);
  JsonLine& Item(std::string_view value);
  JsonLine& EndList();

  // The whole line, with its line break. Nothing may be added after it.
  std::string_view Finish();

 private:
  void Key(std::string_view key);

  std::string text_;
  bool first_item_ = true;
};

}  // namespace ballast::webhook
