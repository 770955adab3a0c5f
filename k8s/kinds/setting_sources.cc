#include "k8s/kinds/setting_sources.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "k8s/patch.h"
#include "policy/spark_settings.h"
#include "policy/spark_size.h"

namespace ballast::k8s {
namespace {

using Entries = std::vector<std::pair<std::string_view, std::string_view>>;

// A setting with the first letters of its key behind "spark.", which nearly all keys begin with, as
// one number: mostly it says already which of two comes first.
struct Placed {
  uint64_t head = 0;  // 0: the key begins otherwise
  const WrittenSetting* setting = nullptr;
};
using Ordered = std::vector<Placed>;

uint64_t HeadOf(std::string_view key) {
  constexpr std::string_view kPrefix = "spark.";
  if (!key.starts_with(kPrefix)) return 0;
  uint64_t head = 0;
  for (size_t i = 0; i < sizeof(head); ++i) {
    const size_t at = kPrefix.size() + i;
    head = head << 8 | (at < key.size() ? static_cast<unsigned char>(key[at]) : 0);
  }
  return head;
}

// In order of the keys, and of equal keys as they were.
Ordered OrderByKey(const std::vector<WrittenSetting>& settings) {
  Ordered ordered;
  ordered.reserve(settings.size());
  for (const WrittenSetting& setting : settings) {
    ordered.push_back({HeadOf(setting.key), &setting});
  }
  const auto less = [](const Placed& a, const Placed& b) {
    if (a.head != b.head && a.head != 0 && b.head != 0) return a.head < b.head;
    const int order = a.setting->key.compare(b.setting->key);
    return order != 0 ? order < 0 : a.setting < b.setting;
  };
  // The API server sends maps in order of their keys, so that at most a few at the end are not.
  const auto rest = std::is_sorted_until(ordered.begin(), ordered.end(), less);
  std::sort(rest, ordered.end(), less);
  std::inplace_merge(ordered.begin(), rest, ordered.end(), less);
  return ordered;
}

// Whether Spark reads the same from both ("1g" and "1024m").
bool MeanTheSame(std::string_view key, std::string_view a, std::string_view b) {
  if (a == b) return true;
  const policy::Setting* setting = policy::FindSetting(key);
  if (setting == nullptr || setting->type != policy::SettingType::kBytes) return false;
  // In bytes, so that nothing is rounded.
  const auto bytes = [&](std::string_view text) {
    return policy::ByteStringAs(text, policy::ByteUnit::kByte, policy::kNewestSpark);
  };
  // Without a suffix the number is in the setting's own unit: then only equal texts are alike.
  const auto bare = [](std::string_view text) { return !text.empty() && text.back() <= '9'; };
  if (bare(a) || bare(b)) return false;
  const auto bytes_a = bytes(a);
  const auto bytes_b = bytes(b);
  return bytes_a.ok() && bytes_b.ok() && *bytes_a == *bytes_b;
}

}  // namespace

std::string WrittenSetting::Path() const {
  std::string path(pointer);
  if (!member.empty()) AppendToken(path, member);
  return path;
}

policy::SparkConf LayOver(const std::vector<WrittenSetting>& conf,
                          const std::vector<WrittenSetting>& others,
                          std::vector<policy::OverriddenValue>& overridden) {
  const Ordered conf_ordered = OrderByKey(conf);
  Entries entries;
  entries.reserve(conf.size() + others.size());
  const auto add = [&](const WrittenSetting& written) {
    // Of equal keys the last counts.
    if (!entries.empty() && entries.back().first == written.key) {
      entries.back().second = written.value;
    } else {
      entries.emplace_back(written.key, written.value);
    }
  };
  auto at = conf_ordered.begin();
  const auto end = conf_ordered.end();
  for (const Placed& placed : OrderByKey(others)) {
    const WrittenSetting* const other = placed.setting;
    for (; at != end && at->setting->key < other->key; ++at) add(*at->setting);
    const WrittenSetting* same = nullptr;
    for (; at != end && at->setting->key == other->key; ++at) same = at->setting;
    const WrittenSetting* winner = same == nullptr || other->beats_conf ? other : same;
    add(*winner);
    if (same != nullptr && !MeanTheSame(other->key, same->value, other->value)) {
      const WrittenSetting* loser = winner == same ? other : same;
      overridden.push_back({std::string(winner->key), std::string(loser->value), loser->Path(),
                            std::string(winner->value), winner->Path()});
    }
  }
  for (; at != end; ++at) add(*at->setting);
  return policy::SparkConf::FromSorted(std::move(entries));
}

}  // namespace ballast::k8s
