#include "policy/written_setting.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "policy/key_index.h"
#include "policy/spark_settings_table.h"

namespace ballast::policy {
namespace {

// What never changes about a row of the table, so that reading a setting does not begin with it.
struct Prepared {
  uint64_t hash = 0;                  // of its key
  std::vector<uint64_t> old_hashes;   // of its old spellings
  const Setting* fallback = nullptr;  // the setting that is read where this is unset
};

const Prepared& PreparedOf(const Setting& setting) {
  static const auto kRows = [] {
    std::vector<Prepared> rows;
    for (const Setting& row : table::kSettings) {
      Prepared& prepared = rows.emplace_back();
      prepared.hash = KeyIndex::Hash(row.key);
      for (const std::string_view old : row.old_spellings) {
        prepared.old_hashes.push_back(KeyIndex::Hash(old));
      }
      if (!row.falls_back_to.empty()) prepared.fallback = FindSetting(row.falls_back_to);
    }
    return rows;
  }();
  return kRows[table::IndexOf(setting)];
}

}  // namespace

std::optional<Written> FindWritten(const SparkConf& conf, const Setting& setting) {
  const Prepared& prepared = PreparedOf(setting);
  if (const auto text = conf.Get(setting.key, prepared.hash)) return Written{setting.key, *text};
  for (size_t i = 0; i < setting.old_spellings.size(); ++i) {
    const std::string_view old = setting.old_spellings[i];
    if (const auto text = conf.Get(old, prepared.old_hashes[i])) return Written{old, *text};
  }
  return std::nullopt;
}

InForce FindInForce(const SparkConf& conf, const Setting& setting) {
  for (const Setting* at = &setting;;) {
    auto written = FindWritten(conf, *at);
    const Setting* next = PreparedOf(*at).fallback;
    if (written || next == nullptr) return {at, written};
    at = next;
  }
}

}  // namespace ballast::policy
