// What requests are judged by just now: policies and cluster from their files. A file that is good
// replaces what was there; one that is bad is reported and changes nothing. Any thread.
#pragma once

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

  // What the cluster's own objects say; policies stand beside those of the file.
  void SetClusterPolicies(std::vector<policy::Policy> policies,
                          std::vector<policy::PolicyException> exceptions);
  void SetCluster(policy::ClusterCapacity cluster);

  std::shared_ptr<const Snapshot> Current() const;

 private:
  struct Policies {
    std::vector<policy::Policy> policies;
    std::vector<policy::PolicyException> exceptions;
  };

  template <typename Change>
  void Replace(Change&& change);
  void SetPolicies(Policies& part, Policies now);

  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> current_;
  Policies of_file_;
  Policies of_cluster_;
};

}  // namespace ballast::webhook
