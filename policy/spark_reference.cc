#include "policy/spark_reference.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "policy/spark_settings.h"
#include "policy/written_setting.h"

namespace ballast::policy {
namespace {

constexpr size_t kLargestResult = size_t{64} << 10;
constexpr int kMostReferences = 256;  // in all, so that references to references end
constexpr size_t kDeepest = 32;

// Where the reference ends that a text begins with, which begins with "${": behind its brace. A
// name has no blank and at least one character; where there is none, the end is where that was
// seen.
struct ReferenceEnd {
  size_t end = 0;
  bool found = false;
};
ReferenceEnd EndOf(std::string_view text) {
  constexpr std::string_view kEnds = "} \t\n\v\f\r";
  size_t at = text.find_first_of(kEnds, 2);
  if (at == 2 && text[at] == '}') at = text.find_first_of(kEnds, 3);
  if (at == std::string_view::npos) return {text.size(), false};
  return text[at] == '}' ? ReferenceEnd{at + 1, true} : ReferenceEnd{at, false};
}

// Of the environment or the JVM that Spark runs in.
bool IsOutside(std::string_view name) {
  return name.starts_with("env:") || name.starts_with("system:");
}

// Spark SQL registers its settings when it is first used, which may be after this is read.
bool IsRegisteredLate(std::string_view name) { return name.starts_with("spark.sql."); }

// Of an unset name: whether Spark may know what Ballast does not.
bool MayStandForMore(std::string_view name) {
  return IsOutside(name) || IsRegisteredLate(name) ||
         (name.starts_with("spark.") && FindSetting(name) == nullptr);
}

// One text being resolved, with the references that lead to it.
class Resolver {
 public:
  Resolver(const SparkConf& conf, SparkVersion version) : conf_(conf), version_(version) {}

  // Appends `text` to the result; an error's text otherwise.
  std::optional<std::string> Append(std::string_view text) {
    for (size_t open = text.find("${"); open != std::string_view::npos; open = text.find("${")) {
      result_.text += text.substr(0, open);
      text.remove_prefix(open);
      const ReferenceEnd reference = EndOf(text);
      const std::string_view written = text.substr(0, reference.end);
      text.remove_prefix(reference.end);
      if (!reference.found) {
        result_.text += written;
      } else if (auto error = AppendReference(written)) {
        return error;
      }
    }
    result_.text += text;
    if (result_.text.size() > kLargestResult) return "the references make too long a text";
    return std::nullopt;
  }

  ResolvedText TakeResult() && { return std::move(result_); }

 private:
  std::optional<std::string> AppendReference(std::string_view reference) {
    const std::string_view name = reference.substr(2, reference.size() - 3);
    if (std::find(used_.begin(), used_.end(), name) != used_.end()) {
      return "Circular reference: " + std::string(name);
    }
    if (++references_ > kMostReferences || used_.size() >= kDeepest) return "too many references";
    const auto found = ValueOf(name);
    if (!found.ok()) return found.error().what;
    const std::optional<std::string>& value = *found;
    if (!value) {
      if (result_.not_known.empty() && MayStandForMore(name)) result_.not_known = reference;
      result_.text += reference;
      return std::nullopt;
    }
    used_.push_back(name);
    auto error = Append(*value);
    used_.pop_back();
    return error;
  }

  // nullopt where the reference stays as it is.
  Result<std::optional<std::string>> ValueOf(std::string_view name) const {
    const Setting* setting = FindSetting(name);
    if (setting == nullptr) {
      const auto text = name.starts_with("spark.") ? conf_.Get(name) : std::nullopt;
      return text ? std::optional<std::string>(*text) : std::nullopt;
    }
    const InForce found = FindInForce(conf_, *setting);
    if (found.written) {
      Result<std::string> text = TextOf(*found.written);
      if (!text.ok()) return text.error();
      return std::optional(*std::move(text));
    }
    const std::string_view taken = found.setting->DefaultIn(version_);
    const bool known = version_ >= found.setting->since && !IsRegisteredLate(name);
    return known && !taken.empty() ? std::optional<std::string>(taken) : std::nullopt;
  }

  const SparkConf& conf_;
  SparkVersion version_;
  int references_ = 0;
  std::vector<std::string_view> used_;
  ResolvedText result_;
};

}  // namespace

Result<ResolvedText> ResolveReferences(const SparkConf& conf, std::string_view text,
                                       SparkVersion version) {
  Resolver resolver(conf, version);
  if (auto error = resolver.Append(text)) return Error{"", *std::move(error)};
  return std::move(resolver).TakeResult();
}

}  // namespace ballast::policy
