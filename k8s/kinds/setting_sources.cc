#include "k8s/kinds/setting_sources.h"

#include <algorithm>
#include <utility>

#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

using Entries = std::vector<std::pair<std::string_view, std::string_view>>;

using Ordered = std::vector<const WrittenSetting*>;

// In order of the keys; of equal keys the one that was written last comes last. The settings
// themselves are too large to be moved about.
Ordered InOrder(const std::vector<WrittenSetting>& settings) {
  Ordered ordered;
  ordered.reserve(settings.size());
  for (const WrittenSetting& setting : settings) ordered.push_back(&setting);
  const auto before = [](const WrittenSetting* a, const WrittenSetting* b) {
    const int order = a->key.compare(b->key);
    return order < 0 || (order == 0 && a < b);
  };
  // The API server sends maps in order of their keys, so this is rarely needed.
  if (!std::is_sorted(ordered.begin(), ordered.end(), before)) {
    std::sort(ordered.begin(), ordered.end(), before);
  }
  return ordered;
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
  const Ordered ordered = InOrder(conf);
  Entries entries;
  entries.reserve(conf.size() + others.size());
  auto conf_at = ordered.begin();
  for (const WrittenSetting* const other_at : InOrder(others)) {
    const WrittenSetting& other = *other_at;
    for (; conf_at != ordered.end() && (*conf_at)->key < other.key; ++conf_at) {
      entries.emplace_back((*conf_at)->key, (*conf_at)->value);
    }
    const WrittenSetting* same = nullptr;
    for (; conf_at != ordered.end() && (*conf_at)->key == other.key; ++conf_at) same = *conf_at;
    const WrittenSetting& winner = same == nullptr || other.beats_conf ? other : *same;
    entries.emplace_back(winner.key, winner.value);
    if (same != nullptr && same->value != other.value) {
      const WrittenSetting& loser = &winner == same ? other : *same;
      overridden.push_back({std::string(winner.key), std::string(loser.value), loser.Path(),
                            std::string(winner.value), winner.Path()});
    }
  }
  for (; conf_at != ordered.end(); ++conf_at)
    entries.emplace_back((*conf_at)->key, (*conf_at)->value);
  return policy::SparkConf(std::move(entries));
}

}  // namespace ballast::k8s
