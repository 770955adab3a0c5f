#include "webhook/operator/policy_watch.h"

#include <string>
#include <utility>

#include "webhook/policy_file/policy_object.h"

namespace ballast::webhook {
namespace {

std::unique_ptr<k8s::Reflector> Follow(k8s::ApiClient& client, PolicyBook& book, Log& log,
                                       std::string_view kind, const char* plural) {
  k8s::ReflectorHandler handler;
  handler.list_begins = [&book, kind] { book.ListBegins(kind); };
  handler.put = [&book, kind](k8s::JsonView object) { book.Put(kind, object); };
  handler.removed = [&book, kind](k8s::JsonView object) { book.Removed(kind, object); };
  handler.list_ends = [&book, kind] { book.ListEnds(kind); };
  handler.failed = [&log, kind](const k8s::ApiError& error, std::chrono::milliseconds retry_in) {
    LogWatchFailure(log, kind, error, retry_in);
  };
  return std::make_unique<k8s::Reflector>(
      client, "/apis/" + std::string(kPolicyApiVersion) + "/" + plural, std::move(handler));
}

}  // namespace

void LogWatchFailure(Log& log, std::string_view what, const k8s::ApiError& error,
                     std::chrono::milliseconds retry_in) {
  JsonLine line("warn", "watch failed");
  line.Text("what", what).Text("error", Describe(error)).Number("retryInMillis", retry_in.count());
  log.Event(LogLevel::kWarn, line);
}

PolicyWatch::PolicyWatch(k8s::ApiClient& client, PolicyBook& book, Log& log)
    : policies_(Follow(client, book, log, kPolicyKind, "sparkresourcepolicies")),
      exceptions_(Follow(client, book, log, kExceptionKind, "sparkpolicyexceptions")) {}

void PolicyWatch::Start() {
  policies_->Start();
  exceptions_->Start();
}

void PolicyWatch::RequestStop() {
  policies_->RequestStop();
  exceptions_->RequestStop();
}

k8s::WatchesState PolicyWatch::state() const {
  k8s::WatchesState both;
  both.Add(policies_->state());
  both.Add(exceptions_->state());
  return both;
}

}  // namespace ballast::webhook
