#include "k8s/kinds/setting_sources.h"

#include <algorithm>
#include <utility>

#include "k8s/patch.h"
#include "policy/spark_settings.h"
#include "policy/spark_size.h"

namespace ballast::k8s {
namespace {

using Entries = std::vector<std::pair<std::string_view, std::string_view>>;

bool KeyLess(const WrittenSetting& a, const WrittenSetting& b) { return a.key < b.key; }

void SortByKey(std::vector<WrittenSetting>& settings) {
  // The API server sends maps in order of their keys, so that at most a few at the end are not.
  const auto rest = std::is_sorted_until(settings.begin(), settings.end(), KeyLess);
  if (rest == settings.end()) return;
  std::stable_sort(rest, settings.end(), KeyLess);
  std::inplace_merge(settings.begin(), rest, settings.end(), KeyLess);
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

policy::SparkConf LayOver(std::vector<WrittenSetting> conf, std::vector<WrittenSetting> others,
                          std::vector<policy::OverriddenValue>& overridden) {
  SortByKey(conf);
  SortByKey(others);
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
  auto conf_at = conf.begin();
  for (const WrittenSetting& other : others) {
    for (; conf_at != conf.end() && conf_at->key < other.key; ++conf_at) add(*conf_at);
    const WrittenSetting* same = nullptr;
    for (; conf_at != conf.end() && conf_at->key == other.key; ++conf_at) same = &*conf_at;
    const WrittenSetting& winner = same == nullptr || other.beats_conf ? other : *same;
    add(winner);
    if (same != nullptr && !MeanTheSame(other.key, same->value, other.value)) {
      const WrittenSetting& loser = &winner == same ? other : *same;
      overridden.push_back({std::string(winner.key), std::string(loser.value), loser.Path(),
                            std::string(winner.value), winner.Path()});
    }
  }
  for (; conf_at != conf.end(); ++conf_at) add(*conf_at);
  return policy::SparkConf::FromSorted(std::move(entries));
}

}  // namespace ballast::k8s
