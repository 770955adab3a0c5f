#include "policy/keys_read.h"

#include <algorithm>

namespace ballast::policy {

void KeysRead::AddPrefix(std::string_view prefix) {
  if (prefix.empty()) {
    any_ = true;
  } else {
    AddPrefix(Prefix{prefix.size(), KeyIndex::Hash(prefix)});
  }
}

void KeysRead::AddPrefix(const Prefix& added) {
  for (Prefix& place : prefixes_) {
    if (place == added) return;
    if (place.size != 0) continue;
    place = added;
    return;
  }
  any_ = true;
}

void KeysRead::Add(const KeysRead& others) {
  for (size_t i = 0; i < bits_.size(); ++i) bits_[i] |= others.bits_[i];
  for (const Prefix& prefix : others.prefixes_) {
    if (prefix.size != 0) AddPrefix(prefix);
  }
  any_ = any_ || others.any_;
}

bool KeysRead::MayHoldAny(std::span<const std::string> keys) const {
  return std::ranges::any_of(keys, [&](const std::string& key) { return MayHold(key); });
}

bool KeysRead::MayHold(std::string_view key) const {
  const uint64_t hash = KeyIndex::Hash(key);
  if (any_ || (bits_[hash / 64 % bits_.size()] >> (hash % 64) & 1) != 0) return true;
  return std::any_of(prefixes_.begin(), prefixes_.end(), [&](const Prefix& prefix) {
    return prefix.size != 0 && key.size() >= prefix.size &&
           KeyIndex::Hash(key.substr(0, prefix.size)) == prefix.hash;
  });
}

}  // namespace ballast::policy
