// The settings of one application as Spark will get them: key -> value, both verbatim.
//
// A number that an operator keeps outside Spark's settings stands here too, under the name of its
// field, so that rules change all numbers alike: "executor.memoryLimit", "driver.memoryLimit".
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/key_index.h"
#include "policy/keys_read.h"

namespace ballast::policy {

// One setting to be written (or, without a value, taken away).
struct SettingChange {
  std::string key;
  std::optional<std::string> value;

  bool operator==(const SettingChange&) const = default;
};

// A value. Copies are cheap: what was read is shared between copies, and each copy keeps its own
// few changes. Not safe for concurrent change of one copy; different copies are independent.
class SparkConf {
 public:
  SparkConf() = default;
  // Of equal keys the last one wins.
  explicit SparkConf(std::vector<std::pair<std::string_view, std::string_view>> entries);
  // The same without looking: the entries are in order of their keys, and no key is there twice.
  static SparkConf FromSorted(std::vector<std::pair<std::string_view, std::string_view>> entries);
  SparkConf(std::initializer_list<std::pair<std::string_view, std::string_view>> entries);

  // The value under exactly this key. The view lives as long as this conf is neither changed nor
  // destroyed. Old spellings of a key are resolved by spark_settings.h.
  std::optional<std::string_view> Get(HashedKey key) const;
  bool Has(HashedKey key) const { return Get(key).has_value(); }

  void Set(std::string_view key, std::string_view value);
  void Remove(std::string_view key);
  void Apply(const SettingChange& change);

  // All settings in order of their keys.
  std::map<std::string, std::string> ToMap() const;
  // Calls visit(key, value) for each setting, in order of the keys.
  template <typename Visit>
  void ForEach(Visit&& visit) const;
  // As above, for the keys that begin with `prefix`; costs no more than there are such keys.
  template <typename Visit>
  void ForEachWithPrefix(std::string_view prefix, Visit&& visit) const;

  // The keys under which the two differ.
  static std::vector<std::string> ChangedKeys(const SparkConf& before, const SparkConf& after);
  // What turns `before` into `after`, in order of the keys.
  static std::vector<SettingChange> Difference(const SparkConf& before, const SparkConf& after);

  bool operator==(const SparkConf& other) const;

 private:
  struct Base {
    std::string text;  // all keys and values, one after the other
    std::vector<std::pair<std::string_view, std::string_view>> entries;  // sorted by key, into text
    KeyIndex index;
  };
  void Keep(std::vector<std::pair<std::string_view, std::string_view>> entries);
  static uint64_t BitOf(uint64_t hash) { return uint64_t{1} << (hash % 64); }
  // The change of this key, if there is one.
  const SettingChange* FindChange(std::string_view key) const;
  // The value in base_, which must be there.
  std::optional<std::string_view> Search(HashedKey key) const;
  // Walks over the settings in order of their keys.
  struct Cursor;
  // The index of the first entry of base_ whose key is not before this one.
  size_t FirstNotBefore(std::string_view key) const;

  std::shared_ptr<const Base> base_;
  std::vector<SettingChange> changes_;  // sorted by key; beats base_
  uint64_t changed_ = 0;  // a bit for the hash of each key in changes_: most keys are not there
};

// Nearly all keys that are asked for are not there, so this finds that out without a call.
inline std::optional<std::string_view> SparkConf::Get(HashedKey key) const {
  KeysRead::Note(key.hash);
  if ((changed_ & BitOf(key.hash)) != 0) {
    if (const SettingChange* change = FindChange(key)) {
      if (!change->value) return std::nullopt;
      return *change->value;
    }
  }
  if (!base_ || !base_->index.MayHold(key.hash)) return std::nullopt;
  return Search(key);
}

template <typename Visit>
void SparkConf::ForEach(Visit&& visit) const {
  ForEachWithPrefix({}, visit);
}

template <typename Visit>
void SparkConf::ForEachWithPrefix(std::string_view prefix, Visit&& visit) const {
  KeysRead::NotePrefix(prefix);
  // compare() and not <, which clang 14 cannot resolve in a template.
  size_t change = 0;
  while (change < changes_.size() && changes_[change].key.compare(prefix) < 0) ++change;
  auto visit_change = [&] {
    const SettingChange& changed = changes_[change++];
    if (changed.value && changed.key.starts_with(prefix)) {
      visit(std::string_view(changed.key), std::string_view(*changed.value));
    }
  };
  if (base_) {
    for (size_t i = FirstNotBefore(prefix); i < base_->entries.size(); ++i) {
      const auto& [key, value] = base_->entries[i];
      if (!key.starts_with(prefix)) break;
      while (change < changes_.size() && changes_[change].key.compare(key) < 0) visit_change();
      if (change < changes_.size() && changes_[change].key == key) {
        visit_change();
      } else {
        visit(key, value);
      }
    }
  }
  while (change < changes_.size()) visit_change();
}

}  // namespace ballast::policy
