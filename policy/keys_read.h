// Which settings were looked at while something was found out, so that after a change only what
// looked at it is found out anew.
//
// While a Watch lives, its thread notes in it every key that is looked up in any SparkConf, the
// ones that are not there included. What follows from settings alone follows from those that were
// looked up: the others may change as they like.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "policy/key_index.h"

namespace ballast::policy {

class KeysRead {
 public:
  class Watch;

  // As if every key had been looked at.
  static constexpr KeysRead All() {
    KeysRead all;
    all.any_ = true;
    return all;
  }

  // One key's KeyIndex::Hash; what several keys begin with; all that others hold.
  void Add(uint64_t hash) { bits_[hash / 64 % bits_.size()] |= uint64_t{1} << (hash % 64); }
  void AddPrefix(std::string_view prefix);
  void Add(const KeysRead& others);

  // False: none of them was looked at. True says little.
  bool MayHoldAny(std::span<const std::string> keys) const;

  // For SparkConf, and for what was found out under an earlier Watch.
  static void Note(uint64_t hash) {
    if (noting_ != nullptr) noting_->Add(hash);
  }
  static void NotePrefix(std::string_view prefix) {
    if (noting_ != nullptr) noting_->AddPrefix(prefix);
  }
  static void Note(const KeysRead& others) {
    if (noting_ != nullptr) noting_->Add(others);
  }

 private:
  struct Prefix {
    size_t size = 0;  // 0: a free place
    uint64_t hash = 0;
    bool operator==(const Prefix&) const = default;
  };
  void AddPrefix(const Prefix& added);
  bool MayHold(std::string_view key) const;

  static constinit inline thread_local KeysRead* noting_ = nullptr;

  std::array<uint64_t, 4> bits_ = {};  // one for the hash of each key
  std::array<Prefix, 5> prefixes_ = {};
  bool any_ = false;  // more than that: every key may have been looked at
};

// Watches may lie within each other: what an inner one notes counts for the outer one, too.
class KeysRead::Watch {
 public:
  explicit Watch(KeysRead& keys) : outer_(noting_) { noting_ = &keys; }
  ~Watch() {
    if (outer_ != nullptr) outer_->Add(*noting_);
    noting_ = outer_;
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  KeysRead* outer_;
};

}  // namespace ballast::policy
