#include "k8s/kinds/field.h"

#include <charconv>

#include "k8s/json_text.h"

namespace ballast::k8s {
namespace {

std::string_view LastToken(std::string_view pointer) {
  return pointer.substr(pointer.rfind('/') + 1);
}

std::string RangeText(const Field& field) {
  if (field.least == std::numeric_limits<int32_t>::min()) return "a whole number";
  return "a whole number from " + std::to_string(field.least) + " to " + std::to_string(field.most);
}

std::optional<int64_t> WholeNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool InRange(const Field& field, int64_t number) {
  return number >= field.least && number <= field.most;
}

void MustBeWhole(const Field& field, JsonView value, Mistake& mistake) {
  std::string what = "must be " + RangeText(field) + ", not " + Quoted(value);
  const auto text = value.string();
  if (text && WholeNumber(*text) && InRange(field, *WholeNumber(*text))) {
    what += ": write " + std::string(LastToken(field.pointer)) + ": " + std::string(*text);
  }
  mistake.Add(std::string(field.pointer), std::move(what));
}

void MustBeBoolean(const Field& field, JsonView value, Mistake& mistake) {
  mistake.Add(std::string(field.pointer), "must be true or false, not " + Quoted(value));
}

}  // namespace

std::string Quoted(JsonView value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  std::string text = PrintJson(value.Copy());
  constexpr size_t kMost = 60;
  if (text.size() > kMost) text = text.substr(0, kMost) + "...";
  return text;
}

void MustBeText(std::string where, std::string_view name, JsonView value, Mistake& mistake) {
  std::string what = "must be text, not " + Quoted(value);
  if (value.number() || value.boolean()) {
    what += ": write " + std::string(name) + ": \"" + Quoted(value) + "\"";
  }
  mistake.Add(std::move(where), std::move(what));
}

std::optional<std::string_view> ReadField(const Field& field, JsonView value, Texts& texts,
                                          Mistake& mistake) {
  if (value.is_null() || !value.exists()) return std::nullopt;
  switch (field.spelling) {
    case Spelling::kText: {
      const auto text = value.string();
      if (!text) MustBeText(std::string(field.pointer), LastToken(field.pointer), value, mistake);
      return text;
    }
    case Spelling::kWhole: {
      const auto number = value.whole();
      if (!number || !InRange(field, *number)) {
        MustBeWhole(field, value, mistake);
        return std::nullopt;
      }
      return texts.emplace_back(std::to_string(*number));
    }
    case Spelling::kBoolean: {
      const auto flag = value.boolean();
      if (!flag) {
        MustBeBoolean(field, value, mistake);
        return std::nullopt;
      }
      return *flag ? "true" : "false";
    }
  }
  return std::nullopt;
}

std::optional<nlohmann::json> PrintField(const Field& field, std::string_view text) {
  switch (field.spelling) {
    case Spelling::kText:
      return nlohmann::json(text);
    case Spelling::kWhole: {
      const auto number = WholeNumber(text);
      if (!number || !InRange(field, *number) || std::to_string(*number) != text) {
        return std::nullopt;
      }
      return nlohmann::json(*number);
    }
    case Spelling::kBoolean:
      if (text != "true" && text != "false") return std::nullopt;
      return nlohmann::json(text == "true");
  }
  return std::nullopt;
}

}  // namespace ballast::k8s
