#include "webhook/operator/application_watch.h"

#include <chrono>
#include <string>
#include <utility>

#include "webhook/operator/policy_watch.h"
#include "webhook/operator/stored_decisions.h"

namespace ballast::webhook {
namespace {

std::unique_ptr<k8s::Reflector> Follow(k8s::ApiClient& client, const Collection& collection,
                                       const std::shared_ptr<ApplicationBook>& book, Log& log) {
  const std::string version = collection.api_version;
  k8s::ReflectorHandler handler;
  handler.list_begins = [book, version] { book->ListBegins(version); };
  handler.put = [book, version](k8s::JsonView object) { book->Put(version, object); };
  handler.removed = [book, version](k8s::JsonView object) { book->Removed(version, object); };
  handler.list_ends = [book, version] { book->ListEnds(version); };
  handler.failed = [&log](const k8s::ApiError& error, std::chrono::milliseconds retry_in) {
    LogWatchFailure(log, "SparkApplication", error, retry_in);
  };
  return std::make_unique<k8s::Reflector>(client, collection.path, std::move(handler));
}

}  // namespace

ApplicationWatch::ApplicationWatch(k8s::ApiClient& client, std::shared_ptr<ApplicationBook> book,
                                   Log& log) {
  for (const Collection& collection : JudgedCollections()) {
    if (collection.kind != "SparkApplication") continue;
    watches_.push_back(Follow(client, collection, book, log));
  }
}

void ApplicationWatch::Start() {
  for (const auto& watch : watches_) watch->Start();
}

void ApplicationWatch::RequestStop() {
  for (const auto& watch : watches_) watch->RequestStop();
}

}  // namespace ballast::webhook
