// The policies and exceptions that the cluster stores, each read when it comes. One that is not
// valid (it came in while Ballast was down, or by another way) leaves its last good version in
// force, and keeps its mistakes for its status. Any thread.
//
// A replica that starts while a bad version is stored has no good one of it: the object then counts
// as not there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "k8s/json_view.h"
#include "policy/policy.h"
#include "policy/result.h"

namespace ballast::webhook {

// What is known of one stored object.
struct StoredPolicy {
  std::string kind;
  std::string namespace_name;  // of an exception
  std::string name;
  std::string uid;
  int64_t generation = 0;
  std::vector<policy::Error> mistakes;   // of this generation; empty: it is valid
  int64_t in_force = 0;                  // the generation that is; 0: none
  int64_t written_seconds = 0;           // when the version in force was (Unix time); 0: not known
  std::optional<policy::Policy> policy;  // the version in force, of one of the two kinds
  std::optional<policy::PolicyException> exception;
  nlohmann::json status;  // as stored; null where there is none
};

class PolicyBook {
 public:
  // Called after each change, without a lock held, on the thread that made it.
  explicit PolicyBook(std::function<void()> on_change) : on_change_(std::move(on_change)) {}

  // As a list and a watch of one kind tell it: what was not put between the two is gone.
  void ListBegins(std::string_view kind);
  void Put(std::string_view kind, k8s::JsonView object);
  void Removed(std::string_view kind, k8s::JsonView object);
  void ListEnds(std::string_view kind);

  // What is in force.
  std::vector<policy::Policy> Policies() const;
  std::vector<policy::PolicyException> Exceptions() const;
  // When the latest of the policies that are in force was written, by what the objects themselves
  // say, so that all replicas agree, one that has just started as well. A policy that was removed
  // has no say: a moment that only those who saw it know would part the replicas.
  int64_t PoliciesWrittenSeconds() const;
  std::vector<StoredPolicy> All() const;
  // Grows with everything that is put or listed.
  uint64_t version() const;
  // How often an object was left out since there were too many of them.
  size_t left_out() const;

 private:
  using Key = std::pair<std::string, std::string>;  // namespace, name
  struct Shelf {
    std::map<Key, StoredPolicy> stored;
    std::set<Key> listed;  // while a list comes
    bool listing = false;
  };
  Shelf& ShelfOf(std::string_view kind);
  void Changed(bool changed) const;

  const std::function<void()> on_change_;
  mutable std::mutex mutex_;
  Shelf policies_;
  Shelf exceptions_;
  uint64_t version_ = 0;
  size_t left_out_ = 0;
};

}  // namespace ballast::webhook
