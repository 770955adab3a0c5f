// What requests are judged by just now: policies and cluster, from their files or as they are live.
// A file that is good replaces what was there; one that is bad is reported and changes nothing. Any
// thread; a request never waits for a change that is being made.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "policy/result.h"
#include "webhook/admission/admit.h"

namespace ballast::webhook {

class LiveSnapshot {
 public:
  // Everything that no file says; its policies are the built-in one alone.
  explicit LiveSnapshot(Snapshot base);

  // All mistakes of the file; none: it is in use now.
  std::vector<policy::Error> LoadPolicy(const std::string& file);
  std::vector<policy::Error> LoadCluster(const std::string& file);

  // What the cluster's own objects say; policies stand beside those of the file. The latest of the
  // policies was written at `changed_seconds` (Unix time; 0: not known).
  void SetClusterPolicies(std::vector<policy::Policy> policies,
                          std::vector<policy::PolicyException> exceptions, int64_t changed_seconds);
  void SetCluster(policy::ClusterCapacity cluster);
  void SetNamespaces(std::shared_ptr<const policy::NamespaceStates> namespaces);
  // The book of applications, which is filled while it is used.
  void SetApplications(std::shared_ptr<const ApplicationBook> applications);
  // The view of the cluster is too old, and was heard last then (Unix seconds); 0: it isn't.
  void SetStale(int64_t since_seconds);

  std::shared_ptr<const Snapshot> Current() const;

 private:
  struct Policies {
    std::vector<policy::Policy> policies;
    std::vector<policy::PolicyException> exceptions;
    int64_t changed_seconds = 0;  // of those that the cluster stores
  };

  template <typename Change>
  void Replace(Change&& change);
  void SetPolicies(Policies& part, Policies now);

  std::mutex changing_;                      // one change after the other
  mutable std::mutex mutex_;                 // only while a pointer is copied
  std::shared_ptr<const Snapshot> current_;  // under mutex_
  Policies of_file_;
  Policies of_cluster_;
};

}  // namespace ballast::webhook
