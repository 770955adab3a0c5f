#include "policy/spark_reference.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

constexpr size_t kLargestResult = size_t{64} << 10;
constexpr int kMostReferences = 256;  // in all, so that references to references end
constexpr size_t kDeepest = 32;

// One text being resolved, with the references that lead to it.
class Resolver {
 public:
  Resolver(const SparkConf& conf, SparkVersion version) : conf_(conf), version_(version) {}

  // Appends `text` to the result; an error's text otherwise.
  std::optional<std::string> Append(std::string_view text) {
    while (true) {
      const size_t open = text.find("${");
      const size_t close = open == std::string_view::npos ? open : text.find('}', open);
      if (close == std::string_view::npos) break;
      result_ += text.substr(0, open);
      const std::string_view reference = text.substr(open, close + 1 - open);
      text.remove_prefix(close + 1);
      if (auto error = AppendReference(reference)) return error;
    }
    result_ += text;
    if (result_.size() > kLargestResult) return "the references make too long a text";
    return std::nullopt;
  }

  std::string TakeResult() && { return std::move(result_); }

 private:
  std::optional<std::string> AppendReference(std::string_view reference) {
    const std::string_view name = reference.substr(2, reference.size() - 3);
    if (std::find(used_.begin(), used_.end(), name) != used_.end()) {
      return "Circular reference: " + std::string(name);
    }
    if (++references_ > kMostReferences || used_.size() >= kDeepest) return "too many references";
    std::optional<std::string_view> value;
    if (name.starts_with("spark.")) {
      value = RawSetting(conf_, name);
      const Setting* setting = FindSetting(name);
      if (!value && setting != nullptr && !setting->DefaultIn(version_).empty()) {
        value = setting->DefaultIn(version_);
      }
    }
    if (!value) {
      result_ += reference;
      return std::nullopt;
    }
    used_.push_back(name);
    auto error = Append(*value);
    used_.pop_back();
    return error;
  }

  const SparkConf& conf_;
  SparkVersion version_;
  int references_ = 0;
  std::vector<std::string_view> used_;
  std::string result_;
};

}  // namespace

Result<std::string> ResolveReferences(const SparkConf& conf, std::string_view text,
                                      SparkVersion version) {
  Resolver resolver(conf, version);
  if (auto error = resolver.Append(text)) return Error{"", *std::move(error)};
  return std::move(resolver).TakeResult();
}

}  // namespace ballast::policy
