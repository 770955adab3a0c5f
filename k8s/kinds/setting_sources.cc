#include "k8s/kinds/setting_sources.h"

#include <algorithm>
#include <utility>

#include "k8s/patch.h"

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
  auto conf_at = conf.begin();
  for (const WrittenSetting& other : others) {
    for (; conf_at != conf.end() && conf_at->key < other.key; ++conf_at) {
      entries.emplace_back(conf_at->key, conf_at->value);
    }
    const WrittenSetting* same = nullptr;
    for (; conf_at != conf.end() && conf_at->key == other.key; ++conf_at) same = &*conf_at;
    const WrittenSetting& winner = same == nullptr || other.beats_conf ? other : *same;
    entries.emplace_back(winner.key, winner.value);
    if (same != nullptr && same->value != other.value) {
      const WrittenSetting& loser = &winner == same ? other : *same;
      overridden.push_back({std::string(winner.key), std::string(loser.value), loser.Path(),
                            std::string(winner.value), winner.Path()});
    }
  }
  for (; conf_at != conf.end(); ++conf_at) entries.emplace_back(conf_at->key, conf_at->value);
  return policy::SparkConf(std::move(entries));
}

}  // namespace ballast::k8s
