#include "webhook/operator/application_watch.h"

#include <utility>

#include "webhook/operator/policy_watch.h"

namespace ballast::webhook {
namespace {

constexpr const char* kPath = "/apis/sparkoperator.k8s.io/v1beta2/sparkapplications";

}  // namespace

ApplicationWatch::ApplicationWatch(k8s::ApiClient& client, std::shared_ptr<ApplicationBook> book,
                                   Log& log) {
  k8s::ReflectorHandler handler;
  handler.list_begins = [book] { book->ListBegins(); };
  handler.put = [book](k8s::JsonView object) { book->Put(object); };
  handler.removed = [book](k8s::JsonView object) { book->Removed(object); };
  handler.list_ends = [book] { book->ListEnds(); };
  handler.failed = [&log](const k8s::ApiError& error, std::chrono::milliseconds retry_in) {
    LogWatchFailure(log, "SparkApplication", error, retry_in);
  };
  k8s::ReflectorOptions options;
  options.metadata_only = true;
  watch_ = std::make_unique<k8s::Reflector>(client, kPath, std::move(handler), options);
}

void ApplicationWatch::Start() { watch_->Start(); }

void ApplicationWatch::RequestStop() { watch_->RequestStop(); }

}  // namespace ballast::webhook
