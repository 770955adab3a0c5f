#include "policy/written_setting.h"

namespace ballast::policy {

std::optional<Written> FindWritten(const SparkConf& conf, const Setting& setting) {
  if (const auto text = conf.Get(setting.hashed_key())) return Written{setting.key, *text};
  for (const HashedKey& old : setting.old_spellings) {
    if (const auto text = conf.Get(old)) return Written{old, *text};
  }
  return std::nullopt;
}

InForce FindInForce(const SparkConf& conf, const Setting& setting) {
  for (const Setting* at = &setting;;) {
    const auto written = FindWritten(conf, *at);
    if (written || at->falls_back_to.empty()) return {at, written};
    at = FindSetting(at->falls_back_to);
  }
}

}  // namespace ballast::policy
