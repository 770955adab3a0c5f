#include "webhook/server/live_snapshot.h"

#include <utility>
#include <variant>

#include "certs/store.h"
#include "k8s/nodes.h"
#include "webhook/policy_file/policy_yaml.h"
#include "webhook/server/capacity_id.h"

namespace ballast::webhook {

LiveSnapshot::LiveSnapshot(Snapshot base)
    : current_(std::make_shared<const Snapshot>(std::move(base))) {}

std::shared_ptr<const Snapshot> LiveSnapshot::Current() const {
  const std::scoped_lock lock(mutex_);
  return current_;
}

template <typename Change>
void LiveSnapshot::Replace(Change&& change) {
  const std::scoped_lock changing(changing_);
  auto next = std::make_shared<Snapshot>(*Current());
  change(*next);
  std::shared_ptr<const Snapshot> changed = std::move(next);
  const std::scoped_lock lock(mutex_);
  current_.swap(changed);
}

std::vector<policy::Error> LiveSnapshot::LoadPolicy(const std::string& file) {
  constexpr size_t kLargest = size_t{16} << 20;
  const auto text = certs::ReadSmallFile(file, kLargest);
  if (!text.ok()) return {text.error()};
  auto read = ReadPolicyFile(*text, file);
  if (auto* mistakes = std::get_if<std::vector<policy::Error>>(&read)) return std::move(*mistakes);
  auto& good = std::get<PolicyFile>(read);
  SetPolicies(of_file_, {std::move(good.policies), std::move(good.exceptions), 0});
  return {};
}

// One of the two sources says something new; the other one still holds.
void LiveSnapshot::SetPolicies(Policies& part, Policies now) {
  Replace([&](Snapshot& next) {
    part = std::move(now);
    Policies all = of_file_;
    all.policies.insert(all.policies.end(), of_cluster_.policies.begin(),
                        of_cluster_.policies.end());
    all.exceptions.insert(all.exceptions.end(), of_cluster_.exceptions.begin(),
                          of_cluster_.exceptions.end());
    next.policies = policy::PolicySet(std::move(all.policies), std::move(all.exceptions));
    next.policies_changed_seconds = of_cluster_.changed_seconds;
  });
}

void LiveSnapshot::SetClusterPolicies(std::vector<policy::Policy> policies,
                                      std::vector<policy::PolicyException> exceptions,
                                      int64_t changed_seconds) {
  SetPolicies(of_cluster_, {std::move(policies), std::move(exceptions), changed_seconds});
}

std::vector<policy::Error> LiveSnapshot::LoadCluster(const std::string& file) {
  auto cluster = k8s::ReadNodesFile(file);
  if (!cluster.ok()) return {cluster.error()};
  SetCluster(*std::move(cluster));
  return {};
}

void LiveSnapshot::SetCluster(policy::ClusterCapacity cluster) {
  std::string id = CapacityId(cluster);
  Replace([&](Snapshot& next) {
    next.cluster = std::move(cluster);
    next.capacity_id = std::move(id);
  });
}

void LiveSnapshot::SetNamespaces(std::shared_ptr<const policy::NamespaceStates> namespaces) {
  Replace([&](Snapshot& next) { next.namespaces = std::move(namespaces); });
}

void LiveSnapshot::SetApplications(std::shared_ptr<const ApplicationBook> applications) {
  Replace([&](Snapshot& next) { next.applications = std::move(applications); });
}

void LiveSnapshot::SetStale(int64_t since_seconds) {
  Replace([&](Snapshot& next) { next.stale_since = since_seconds; });
}

}  // namespace ballast::webhook
