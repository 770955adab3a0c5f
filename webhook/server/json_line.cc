#include "webhook/server/json_line.h"

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>

#include "policy/cut_text.h"
#include "webhook/text/append_json.h"

namespace ballast::webhook {
namespace {

// No name, message or reason that is worth a log line is longer.
constexpr size_t kLongest = 1024;

void AppendTime(std::string& out) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  // The part up to the seconds is the same for many lines in a row.
  thread_local int64_t cached_second = -1;
  thread_local std::array<char, 24> cached{};
  thread_local size_t cached_length = 0;
  if (millis / 1000 != cached_second) {
    cached_second = millis / 1000;
    const auto time = static_cast<std::time_t>(cached_second);
    std::tm parts{};
    gmtime_r(&time, &parts);
    cached_length = std::strftime(cached.data(), cached.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  }
  out.append(cached.data(), cached_length);
  const auto rest = static_cast<int>(millis % 1000);
  out += '.';
  out += static_cast<char>('0' + rest / 100);
  out += static_cast<char>('0' + rest / 10 % 10);
  out += static_cast<char>('0' + rest % 10);
  out += 'Z';
}

}  // namespace

JsonLine::JsonLine(std::string_view level, std::string_view message) {
  text_.reserve(1000);  // one byte more and glibc looks for it at length
  text_ += "{\"time\":\"";
  AppendTime(text_);
  text_ += "\",\"level\":\"";
  text_ += level;
  text_ += '"';
  Text("msg", message);
}

void JsonLine::Key(std::string_view key) {
  text_ += ",\"";
  text_ += key;
  text_ += "\":";
}

JsonLine& JsonLine::Text(std::string_view key, std::string_view value) {
  Key(key);
  AppendJsonString(text_, policy::CutText(value, kLongest));
  return *this;
}

JsonLine& JsonLine::Number(std::string_view key, int64_t value) {
  Key(key);
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text_.append(digits.data(), static_cast<size_t>(end - digits.data()));
  return *this;
}

JsonLine& JsonLine::Flag(std::string_view key, bool value) {
  Key(key);
  text_ += value ? "true" : "false";
  return *this;
}

JsonLine& JsonLine::BeginList(std::string_view key) {
  Key(key);
  text_ += '[';
  first_item_ = true;
  return *this;
}

JsonLine& JsonLine::Item(std::string_view value) {
  if (!first_item_) text_ += ',';
  first_item_ = false;
  AppendJsonString(text_, policy::CutText(value, kLongest));
  return *this;
}

JsonLine& JsonLine::EndList() {
  text_ += ']';
  return *this;
}

std::string_view JsonLine::Finish() {
  text_ += "}\n";
  return text_;
}

}  // namespace ballast::webhook
