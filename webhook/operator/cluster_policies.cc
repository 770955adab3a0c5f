#include "webhook/operator/cluster_policies.h"

#include <chrono>
#include <ctime>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "webhook/operator/application_watch.h"
#include "webhook/operator/policy_book.h"
#include "webhook/operator/policy_watch.h"
#include "webhook/operator/served_kinds.h"

namespace ballast::webhook {
namespace {

// A call of the leader that takes longer than the Lease lasts helps nobody.
k8s::ApiClientOptions LeaderCalls() {
  k8s::ApiClientOptions options;
  options.connect_timeout = std::chrono::seconds(3);
  options.read_timeout = std::chrono::seconds(5);
  return options;
}

void Publish(const PolicyBook& book, LiveSnapshot& snapshot, Metrics& metrics) {
  std::vector<policy::PolicyException> exceptions = book.Exceptions();
  metrics.ExceptionExpiries(exceptions);
  snapshot.SetClusterPolicies(book.Policies(), std::move(exceptions),
                              book.PoliciesWrittenSeconds());
  int64_t valid = 0;
  int64_t invalid = 0;
  for (const StoredPolicy& stored : book.All()) ++(stored.mistakes.empty() ? valid : invalid);
  metrics.PoliciesStored(valid, invalid);
}

FollowedGauges GaugesOf(std::string_view what, const k8s::WatchesState& watches) {
  FollowedGauges gauges;
  gauges.what = what;
  gauges.failures = watches.failures;
  if (watches.heard != 0) gauges.age_seconds = std::time(nullptr) - watches.heard;
  return gauges;
}

}  // namespace

struct ClusterPolicies::State {
  State(ClusterPoliciesOptions options, LiveSnapshot& snapshot, const DecisionTally& tally,
        Metrics& metrics, Log& log)
      : watch_client(options.api),
        leader_client(options.api, LeaderCalls()),
        book([this, &snapshot, &metrics] {
          // Two watches change it: what is read last has to be what comes into force last.
          const std::scoped_lock lock(publishing);
          Publish(book, snapshot, metrics);
        }),
        watch(watch_client, book, log),
        applications(watch_client, known, log),
        served(watch_client, known) {
    snapshot.SetApplications(known);
    if (options.leading) {
      leader.emplace(*std::move(options.leading),
                     OperatorParts{leader_client, book, snapshot, tally, metrics, log});
    }
  }

  k8s::ApiClient watch_client;
  k8s::ApiClient leader_client;
  std::mutex publishing;
  PolicyBook book;
  PolicyWatch watch;
  const std::shared_ptr<ApplicationBook> known = std::make_shared<ApplicationBook>();
  ApplicationWatch applications;
  ServedKinds served;
  std::optional<Operator> leader;
};

ClusterPolicies::ClusterPolicies(ClusterPoliciesOptions options, LiveSnapshot& snapshot,
                                 const DecisionTally& tally, Metrics& metrics, Log& log)
    : state_(std::make_unique<State>(std::move(options), snapshot, tally, metrics, log)) {}

ClusterPolicies::~ClusterPolicies() {
  StopLeading();
  state_->watch.RequestStop();
  state_->applications.RequestStop();
  state_->served.RequestStop();
}

void ClusterPolicies::Start() {
  state_->watch.Start();
  state_->applications.Start();
  state_->served.Start();
  if (state_->leader) state_->leader->Start();
}

void ClusterPolicies::StopLeading() {
  if (state_->leader) state_->leader->Stop();
}

bool ClusterPolicies::answered() const { return state_->watch.state().answered; }
bool ClusterPolicies::applications_answered() const {
  return state_->applications.state().answered;
}
bool ClusterPolicies::leads() const { return state_->leader && state_->leader->leads(); }

std::vector<FollowedGauges> ClusterPolicies::Gauges() const {
  FollowedGauges applications = GaugesOf("applications", state_->applications.state());
  applications.left_out = state_->known->left_out();
  FollowedGauges policies = GaugesOf("policies", state_->watch.state());
  policies.left_out = state_->book.left_out();
  return {policies, applications};
}

std::vector<StoredPolicy> ClusterPolicies::Stored() const { return state_->book.All(); }

}  // namespace ballast::webhook
