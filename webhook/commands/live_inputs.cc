#include "webhook/commands/live_inputs.h"

#include <string_view>
#include <utility>

#include "k8s/api/list.h"
#include "k8s/kinds/kind.h"
#include "k8s/namespace_objects.h"
#include "k8s/node_collector.h"
#include "webhook/admission/restore.h"
#include "webhook/commands/inputs.h"

namespace ballast::webhook {
namespace {

using k8s::ApiError;
using k8s::JsonView;
using nlohmann::json;
using policy::Error;
using policy::Result;

// Hands a part of a node to the collector; what is deeper than any node is stays out.
void Feed(JsonView value, int depth, k8s::NodeCollector& collector) {
  constexpr int kDeepest = 8;
  if (depth > kDeepest) {
    collector.Null();
  } else if (value.is_object()) {
    collector.BeginMap({});
    value.ForEachMember([&](std::string_view key, JsonView member) {
      collector.Key(key);
      Feed(member, depth + 1, collector);
    });
    collector.End();
  } else if (value.is_array()) {
    collector.BeginList({});
    value.ForEachElement([&](JsonView element) { Feed(element, depth + 1, collector); });
    collector.End();
  } else if (const auto text = value.string()) {
    collector.Scalar(*text, {});
  } else if (const auto flag = value.boolean()) {
    collector.Scalar(*flag ? "true" : "false", {});
  } else if (const auto number = value.integer()) {
    collector.Scalar(std::to_string(*number), {});
  } else {
    collector.Null();
  }
}

// "SparkApplication" -> "sparkapplications".
std::string PluralOf(std::string_view kind) {
  std::string plural;
  for (const char c : kind) plural += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return plural + "s";
}

// The object as a file has it: with its kind, and without what the server keeps for itself.
json PolicyObject(JsonView object, std::string_view kind) {
  json metadata = json::object();
  for (const char* key : {"name", "namespace", "generation", "creationTimestamp"}) {
    if (object["metadata"][key].exists()) metadata[key] = object["metadata"][key].Copy();
  }
  const JsonView requester = object["metadata"]["annotations"]["ballast.dev/requester"];
  if (requester.exists()) metadata["annotations"]["ballast.dev/requester"] = requester.Copy();
  return {{"apiVersion", "policy.ballast.dev/v1alpha1"},
          {"kind", kind},
          {"metadata", std::move(metadata)},
          {"spec", object["spec"].exists() ? object["spec"].Copy() : json::object()}};
}

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
  constexpr int kForbidden = 403;
  const char* remedy =
      error.status == kForbidden
          ? "; ask for the right to read it, or give --snapshot FILE or --cluster FILE"
          : "";
  return {client_->config().origin, "GET " + path + ": " + k8s::Describe(error) + remedy};
}

Result<policy::ClusterCapacity> LiveCluster::Nodes() {
  const std::string path = "/api/v1/nodes";
  k8s::NodeCollector collector(path);
  collector.BeginMap({});
  collector.Key("items");
  collector.BeginList({});
  const auto listed =
      k8s::ListAll(*client_, path, [&](JsonView node) { Feed(node, 0, collector); });
  if (!listed) return Failed(path, listed.error());
  collector.End();
  collector.End();
  return std::move(collector).Take();
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
  const std::pair<const char*, const char*> kinds[] = {
      {"sparkresourcepolicies", "SparkResourcePolicy"},
      {"sparkpolicyexceptions", "SparkPolicyException"}};
  for (const auto& [plural, kind] : kinds) {
    const std::string path = std::string("/apis/policy.ballast.dev/v1alpha1/") + plural;
    const auto listed = k8s::ListAll(*client_, path, [&, kind = kind](JsonView object) {
      const std::string name(object["metadata"]["name"].string().value_or(""));
      auto read = ReadPolicyFile(PolicyObject(object, kind).dump(), std::string(kind) + " " + name);
      if (const auto* mistakes = std::get_if<std::vector<Error>>(&read)) {
        for (const Error& mistake : *mistakes) Complain(mistake);
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

Result<std::vector<json>> LiveCluster::Applications(const std::string& namespace_name) {
  std::vector<json> objects;
  for (const k8s::Kind* kind : k8s::AllKinds()) {
    if (kind->group.empty()) continue;  // pods and ConfigMaps belong to an application
    // The newest version that is served holds all objects.
    for (const std::string_view version : kind->versions) {
      const std::string group_version = std::string(kind->group) + "/" + std::string(version);
      const std::string path = "/apis/" + group_version +
                               (namespace_name.empty() ? "" : "/namespaces/" + namespace_name) +
                               "/" + PluralOf(kind->kind);
      const auto listed = k8s::ListAll(*client_, path, [&](JsonView object) {
        json stored = object.Copy();
        stored["apiVersion"] = group_version;
        stored["kind"] = std::string(kind->kind);
        auto restored = Restore(stored);
        objects.push_back(restored ? *std::move(restored) : std::move(stored));
      });
      if (listed) break;
      if (!listed.error().not_found()) return Failed(path, listed.error());
    }
  }
  return objects;
}

}  // namespace ballast::webhook
