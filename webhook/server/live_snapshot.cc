#include "webhook/server/live_snapshot.h"

#include <utility>
#include <variant>

#include "certs/store.h"
#include "k8s/nodes.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {

LiveSnapshot::LiveSnapshot(Snapshot base)
    : current_(std::make_shared<const Snapshot>(std::move(base))) {}

std::shared_ptr<const Snapshot> LiveSnapshot::Current() const {
  const std::scoped_lock lock(mutex_);
  return current_;
}

template <typename Change>
void LiveSnapshot::Replace(Change&& change) {
  const std::scoped_lock lock(mutex_);
  auto next = std::make_shared<Snapshot>(*current_);
  change(*next);
  current_ = std::move(next);
}

std::vector<policy::Error> LiveSnapshot::LoadPolicy(const std::string& file) {
  constexpr size_t kLargest = size_t{16} << 20;
  const auto text = certs::ReadSmallFile(file, kLargest);
  if (!text.ok()) return {text.error()};
  auto read = ReadPolicyFile(*text, file);
  if (auto* mistakes = std::get_if<std::vector<policy::Error>>(&read)) return std::move(*mistakes);
  auto& good = std::get<PolicyFile>(read);
  policy::PolicySet policies(std::move(good.policies), std::move(good.exceptions));
  Replace([&](Snapshot& next) { next.policies = std::move(policies); });
  return {};
}

std::vector<policy::Error> LiveSnapshot::LoadCluster(const std::string& file) {
  auto cluster = k8s::ReadNodesFile(file);
  if (!cluster.ok()) return {cluster.error()};
  Replace([&](Snapshot& next) { next.cluster = *std::move(cluster); });
  return {};
}

}  // namespace ballast::webhook
