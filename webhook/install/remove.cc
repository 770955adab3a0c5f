#include "webhook/install/remove.h"

#include <nlohmann/json.hpp>

#include "k8s/api/list.h"
#include "k8s/text_at.h"
#include "webhook/operator/report.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using policy::Error;
using policy::Result;

constexpr const char* kKinds[] = {"sparkresourcepolicies", "sparkpolicyexceptions"};

// Deletes what is at the path; false: it was not there.
Result<bool> DeleteAt(k8s::ApiClient& client, const std::string& path) {
  const auto deleted = client.Delete(path);
  if (deleted) return true;
  if (deleted.error().not_found()) return false;
  return Error{path, Describe(deleted.error())};
}

Result<bool> RemoveDefinition(k8s::ApiClient& client, const std::string& plural,
                              std::vector<std::string>& done) {
  const std::string kind = "/apis/policy.ballast.dev/v1alpha1/" + plural;
  const auto first = client.Get(kind + "?limit=1");
  if (!first) {
    if (first.error().not_found()) return true;
    return Error{kind, Describe(first.error())};
  }
  const auto items = first->find("items");
  const bool empty = items != first->end() && items->is_array() && items->empty();
  if (!empty) {
    done.push_back("kept the definition of " + plural + ", and those that there are");
    return true;
  }
  const Result<bool> deleted =
      DeleteAt(client, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + plural +
                           ".policy.ballast.dev");
  if (!deleted.ok()) return deleted.error();
  done.push_back("deleted the definition of " + plural + ", of which there were none");
  return true;
}

Result<bool> RemoveReports(k8s::ApiClient& client, std::vector<std::string>& done) {
  std::vector<std::string> paths;
  const auto listed =
      k8s::ListAll(client, OwnReportsPath(),
                   [&](k8s::JsonView report) {
                     const k8s::JsonView metadata = report["metadata"];
                     paths.push_back(ReportsPath(k8s::TextAt(metadata, "namespace")) + "/" +
                                     std::string(k8s::TextAt(metadata, "name")));
                   },
                   {.metadata_only = true});
  if (!listed) {
    if (listed.error().not_found()) return true;  // there is no such kind
    return Error{OwnReportsPath(), Describe(listed.error())};
  }
  for (const std::string& path : paths) {
    const Result<bool> deleted = DeleteAt(client, path);
    if (!deleted.ok()) return deleted.error();
  }
  if (!paths.empty()) done.push_back("deleted " + std::to_string(paths.size()) + " Reports");
  return true;
}

}  // namespace

Result<std::vector<std::string>> RemoveFromCluster(k8s::ApiClient& client,
                                                   const RemoveOptions& options) {
  std::vector<std::string> paths = ConfigurationPaths(options.configurations);
  if (!options.secret.empty()) {
    paths.push_back("/api/v1/namespaces/" + k8s::QueryValue(options.namespace_name) + "/secrets/" +
                    k8s::QueryValue(options.secret));
  }
  std::vector<std::string> done;
  for (const std::string& path : paths) {
    const Result<bool> deleted = DeleteAt(client, path);
    if (!deleted.ok()) return deleted.error();
    done.push_back((*deleted ? "deleted " : "was not there: ") + path);
  }
  if (options.reports) {
    const Result<bool> removed = RemoveReports(client, done);
    if (!removed.ok()) return removed.error();
  }
  if (options.empty_crds) {
    for (const char* plural : kKinds) {
      const Result<bool> removed = RemoveDefinition(client, plural, done);
      if (!removed.ok()) return removed.error();
    }
  }
  return done;
}

}  // namespace ballast::webhook
