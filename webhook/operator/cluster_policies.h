// All that a replica has to do with the policies of its cluster: follows them into what requests
// are judged by, and leads or waits to lead.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "k8s/api/client.h"
#include "webhook/operator/operator.h"
#include "webhook/operator/policy_book.h"
#include "webhook/server/metrics.h"

namespace ballast::webhook {

struct ClusterPoliciesOptions {
  k8s::ApiConfig api;
  std::optional<OperatorOptions> leading;  // nullopt: this replica never leads
};

class ClusterPolicies {
 public:
  // All of these outlive it.
  ClusterPolicies(ClusterPoliciesOptions options, LiveSnapshot& snapshot,
                  const DecisionTally& tally, Metrics& metrics, Log& log);
  ~ClusterPolicies();
  ClusterPolicies(const ClusterPolicies&) = delete;
  ClusterPolicies& operator=(const ClusterPolicies&) = delete;

  void Start();
  // Gives the Lease back, so that another replica leads; takes a few seconds at most. Policies are
  // followed on.
  void StopLeading();
  // Whether the cluster has said which policies there are.
  bool answered() const;
  // Whether it has said which applications there are.
  bool applications_answered() const;
  bool leads() const;
  // For the metrics: how it goes with what is followed.
  std::vector<FollowedGauges> Gauges() const;
  // The policies and exceptions that the cluster stores, with their mistakes.
  std::vector<StoredPolicy> Stored() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast::webhook
