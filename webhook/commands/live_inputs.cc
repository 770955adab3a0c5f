#include "webhook/commands/live_inputs.h"

#include <string_view>
#include <utility>

#include "k8s/api/list.h"
#include "k8s/kinds/kind.h"
#include "k8s/live/live_view.h"
#include "k8s/namespace_objects.h"
#include "webhook/admission/restore.h"
#include "webhook/commands/inputs.h"
#include "webhook/policy_file/policy_object.h"

namespace ballast::webhook {
namespace {

using k8s::ApiError;
using k8s::JsonView;
using nlohmann::json;
using policy::Error;
using policy::Result;

constexpr int kForbidden = 403;

}  // namespace

LiveCluster::LiveCluster(k8s::ApiConfig config)
    : client_(std::make_unique<k8s::ApiClient>(std::move(config))) {}

Result<std::optional<LiveCluster>> LiveCluster::Find(const k8s::ConfigChoice& choice) {
  auto config = k8s::FindApiConfig(k8s::PlacesOfThisProcess(), choice);
  if (!config) return config.error();
  if (!*config) return std::optional<LiveCluster>();
  return std::optional<LiveCluster>(LiveCluster(**std::move(config)));
}

const std::string& LiveCluster::namespace_name() const { return client_->config().namespace_name; }

Error LiveCluster::Failed(const std::string& path, const ApiError& error) const {
  const char* remedy =
      error.status == kForbidden
          ? "; ask for the right to read it, or give --snapshot FILE or --cluster FILE"
          : "";
  return {client_->config().origin, "GET " + path + ": " + k8s::Describe(error) + remedy};
}

Result<policy::ClusterCapacity> LiveCluster::Nodes() {
  auto capacity = k8s::LoadCapacity(*client_);
  if (!capacity) return Failed("/api/v1/nodes", capacity.error());
  return *std::move(capacity);
}

Result<policy::NamespaceStates> LiveCluster::Namespaces(const std::vector<std::string>& names) {
  k8s::NamespaceCollector collector;
  std::optional<Error> failed;
  const auto add = [&](const std::string& kind, JsonView object) {
    const auto added = collector.Add(kind, object);
    if (!added && !failed) failed = added.error();
  };
  const auto list = [&](const std::string& path, const std::string& kind) {
    const auto listed = k8s::ListAll(*client_, path, [&](JsonView object) { add(kind, object); });
    if (!listed && !failed) failed = Failed(path, listed.error());
  };
  std::vector<std::string> places;
  if (names.empty()) {
    list("/api/v1/namespaces", "Namespace");
    places.emplace_back("/api/v1/");
  }
  for (const std::string& name : names) {
    const std::string path = "/api/v1/namespaces/" + name;
    const auto object = client_->Get(path);
    if (object) {
      add("Namespace", JsonView(*object));
    } else if (!object.error().not_found()) {
      return Failed(path, object.error());
    }
    places.push_back(path + "/");
  }
  for (const std::string& place : places) {
    list(place + "resourcequotas", "ResourceQuota");
    list(place + "limitranges", "LimitRange");
  }
  if (failed) return *failed;
  return std::move(collector).Take();
}

Result<PolicyFile> LiveCluster::Policies() {
  PolicyFile all;
  const std::pair<const char*, std::string_view> kinds[] = {
      {"sparkresourcepolicies", kPolicyKind}, {"sparkpolicyexceptions", kExceptionKind}};
  for (const auto& [plural, kind] : kinds) {
    const std::string path = "/apis/" + std::string(kPolicyApiVersion) + "/" + plural;
    const auto listed = k8s::ListAll(*client_, path, [&, kind = kind](JsonView object) {
      auto read = ReadPolicyObject(object, kind);
      if (const auto* mistakes = std::get_if<std::vector<Error>>(&read)) {
        const std::string name(object["metadata"]["name"].string().value_or(""));
        for (const Error& mistake : *mistakes) {
          Complain({std::string(kind) + " " + name + ", " + mistake.where, mistake.what});
        }
        return;
      }
      auto& file = std::get<PolicyFile>(read);
      std::move(file.policies.begin(), file.policies.end(), std::back_inserter(all.policies));
      std::move(file.exceptions.begin(), file.exceptions.end(), std::back_inserter(all.exceptions));
    });
    if (!listed && !listed.error().not_found()) return Failed(path, listed.error());
  }
  return all;
}

std::optional<Error> LiveCluster::EachStored(
    const std::string& namespace_name,
    const std::function<void(const k8s::Kind& kind, json stored)>& visit) {
  std::vector<Error> forbidden;
  bool any = false;
  for (const k8s::Kind* kind : k8s::AllKinds()) {
    if (kind->group.empty()) continue;  // pods and ConfigMaps belong to an application
    // The newest version that is served holds all objects.
    for (const std::string_view version : kind->versions) {
      const std::string group_version = std::string(kind->group) + "/" + std::string(version);
      const std::string path = "/apis/" + group_version +
                               (namespace_name.empty() ? "" : "/namespaces/" + namespace_name) +
                               "/" + PluralOf(*kind);
      const auto listed = k8s::ListAll(*client_, path, [&](JsonView object) {
        json stored = object.Copy();
        stored["apiVersion"] = group_version;
        stored["kind"] = std::string(kind->kind);
        visit(*kind, std::move(stored));
      });
      any = any || listed.ok();
      if (listed) break;
      if (listed.error().not_found()) continue;
      if (listed.error().status != kForbidden) return Failed(path, listed.error());
      forbidden.push_back(Failed(path, listed.error()));
    }
  }
  // Who may not list one kind is not told whether it is there at all.
  if (!any && !forbidden.empty()) return forbidden.front();
  for (const Error& error : forbidden) Complain({error.where, error.what + " (left out)"});
  return std::nullopt;
}

Result<std::vector<json>> LiveCluster::Applications(const std::string& namespace_name) {
  std::vector<json> objects;
  auto failed = EachStored(namespace_name, [&](const k8s::Kind&, json stored) {
    auto restored = Restore(stored);
    objects.push_back(restored ? *std::move(restored) : std::move(stored));
  });
  if (failed) return *std::move(failed);
  return objects;
}

}  // namespace ballast::webhook
