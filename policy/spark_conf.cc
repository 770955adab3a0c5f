#include "policy/spark_conf.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ballast::policy {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

bool KeyLess(const Entry& a, const Entry& b) { return a.first < b.first; }

}  // namespace

struct SparkConf::Cursor {
  explicit Cursor(const SparkConf& conf) : conf_(conf) { Next(); }

  bool at_end() const { return at_end_; }
  void Next() {
    while (true) {
      const bool has_entry = conf_.base_ && entry_ < conf_.base_->entries.size();
      const bool has_change = change_ < conf_.changes_.size();
      if (!has_entry && !has_change) {
        at_end_ = true;
        return;
      }
      if (has_entry &&
          (!has_change || conf_.base_->entries[entry_].first < conf_.changes_[change_].key)) {
        std::tie(key, value) = conf_.base_->entries[entry_++];
        return;
      }
      const SettingChange& change = conf_.changes_[change_++];
      if (has_entry && conf_.base_->entries[entry_].first == change.key) ++entry_;
      if (!change.value) continue;
      key = change.key;
      value = *change.value;
      return;
    }
  }

  std::string_view key;
  std::string_view value;

 private:
  const SparkConf& conf_;
  size_t entry_ = 0;
  size_t change_ = 0;
  bool at_end_ = false;
};

SparkConf::SparkConf(std::vector<Entry> entries) {
  if (entries.empty()) return;
  if (!std::is_sorted(entries.begin(), entries.end(), KeyLess)) {
    std::stable_sort(entries.begin(), entries.end(), KeyLess);
  }
  // Of equal keys keep the last.
  size_t kept = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (i + 1 < entries.size() && entries[i + 1].first == entries[i].first) continue;
    entries[kept++] = entries[i];
  }
  entries.resize(kept);
  Keep(std::move(entries));
}

SparkConf SparkConf::FromSorted(std::vector<Entry> entries) {
  SparkConf conf;
  if (!entries.empty()) conf.Keep(std::move(entries));
  return conf;
}

void SparkConf::Keep(std::vector<Entry> entries) {
  size_t bytes = 0;
  for (const Entry& entry : entries) bytes += entry.first.size() + entry.second.size();
  auto base = std::make_shared<Base>();
  base->text.resize(bytes);  // and never again, so that the views into it stay where they are
  base->index = KeyIndex(entries.size());
  char* to = base->text.data();
  const auto keep = [&](std::string_view part) {
    char* const begin = to;
    to = std::copy(part.begin(), part.end(), begin);
    return std::string_view(begin, part.size());
  };
  for (size_t i = 0; i < entries.size(); ++i) {
    entries[i] = {keep(entries[i].first), keep(entries[i].second)};
    base->index.Add(entries[i].first, i);
  }
  base->entries = std::move(entries);
  base_ = std::move(base);
}

SparkConf::SparkConf(std::initializer_list<Entry> entries)
    : SparkConf(std::vector<Entry>(entries)) {}

const SettingChange* SparkConf::FindChange(std::string_view key) const {
  for (const SettingChange& change : changes_) {
    if (change.key == key) return &change;
  }
  return nullptr;
}

std::optional<std::string_view> SparkConf::Search(HashedKey key) const {
  const auto& entries = base_->entries;
  if (base_->index.complete()) {
    const auto at =
        base_->index.FindHash(key.hash, [&](size_t i) { return entries[i].first == key.text; });
    if (!at) return std::nullopt;
    return entries[*at].second;
  }
  // Keys made to collide have made the index give up.
  const size_t found = FirstNotBefore(key);
  if (found == entries.size() || entries[found].first != key.text) return std::nullopt;
  return entries[found].second;
}

size_t SparkConf::FirstNotBefore(std::string_view key) const {
  const auto& entries = base_->entries;
  const auto found = std::lower_bound(entries.begin(), entries.end(), Entry{key, {}}, KeyLess);
  return static_cast<size_t>(found - entries.begin());
}

void SparkConf::Set(std::string_view key, std::string_view value) {
  Apply({std::string(key), std::string(value)});
}

void SparkConf::Remove(std::string_view key) { Apply({std::string(key), std::nullopt}); }

void SparkConf::Apply(const SettingChange& change) {
  changed_ |= BitOf(KeyIndex::Hash(change.key));
  const auto at = std::lower_bound(
      changes_.begin(), changes_.end(), change.key,
      [](const SettingChange& existing, const std::string& key) { return existing.key < key; });
  if (at != changes_.end() && at->key == change.key) {
    at->value = change.value;
  } else {
    changes_.insert(at, change);
  }
}

std::map<std::string, std::string> SparkConf::ToMap() const {
  std::map<std::string, std::string> all;
  ForEach([&](std::string_view key, std::string_view value) {
    all.emplace_hint(all.end(), std::string(key), std::string(value));
  });
  return all;
}

std::vector<SettingChange> SparkConf::Difference(const SparkConf& before, const SparkConf& after) {
  std::vector<SettingChange> difference;
  if (before.base_ == after.base_) {  // copies of one conf: only their changes can differ
    auto consider = [&](const std::string& key) {
      const auto was = before.Get(key);
      const auto is = after.Get(key);
      if (was == is) return;
      difference.push_back({key, is ? std::optional<std::string>(*is) : std::nullopt});
    };
    auto a = before.changes_.begin();
    auto b = after.changes_.begin();
    while (a != before.changes_.end() || b != after.changes_.end()) {
      if (b == after.changes_.end() || (a != before.changes_.end() && a->key < b->key)) {
        consider((a++)->key);
      } else {
        if (a != before.changes_.end() && a->key == b->key) ++a;
        consider((b++)->key);
      }
    }
    return difference;
  }
  Cursor was(before);
  Cursor is(after);
  while (!was.at_end() || !is.at_end()) {
    if (is.at_end() || (!was.at_end() && was.key < is.key)) {
      difference.push_back({std::string(was.key), std::nullopt});
      was.Next();
    } else if (was.at_end() || is.key < was.key) {
      difference.push_back({std::string(is.key), std::string(is.value)});
      is.Next();
    } else {
      if (was.value != is.value) {
        difference.push_back({std::string(is.key), std::string(is.value)});
      }
      was.Next();
      is.Next();
    }
  }
  return difference;
}

std::vector<std::string> SparkConf::ChangedKeys(const SparkConf& before, const SparkConf& after) {
  std::vector<std::string> keys;
  for (SettingChange& change : Difference(before, after)) keys.push_back(std::move(change.key));
  return keys;
}

bool SparkConf::operator==(const SparkConf& other) const {
  if (base_ == other.base_) {  // copies of one conf: only their changes can differ
    const auto same = [](const SparkConf& a, const SparkConf& b) {
      return std::ranges::all_of(a.changes_, [&](const SettingChange& change) {
        return b.Get(change.key) == a.Get(change.key);
      });
    };
    return changes_ == other.changes_ || (same(*this, other) && same(other, *this));
  }
  Cursor a(*this);
  Cursor b(other);
  while (!a.at_end() && !b.at_end()) {
    if (a.key != b.key || a.value != b.value) return false;
    a.Next();
    b.Next();
  }
  return a.at_end() && b.at_end();
}

}  // namespace ballast::policy
