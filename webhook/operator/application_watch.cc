#include "webhook/operator/application_watch.h"

#include <chrono>
#include <string>
#include <utility>

#include "k8s/text_at.h"
#include "webhook/operator/policy_watch.h"
#include "webhook/operator/stored_decisions.h"

namespace ballast::webhook {

ApplicationWatch::ApplicationWatch(k8s::ApiClient& client, std::shared_ptr<ApplicationBook> book,
                                   Log& log)
    : book_(std::move(book)), log_(log) {
  for (const Collection& collection : JudgedCollections()) {
    if (collection.kind != "SparkApplication") continue;
    const std::string version = collection.api_version;
    k8s::ReflectorHandler handler;
    handler.list_begins = [this, version] { book_->ListBegins(version); };
    handler.put = [this, version](k8s::JsonView object) { Put(version, object); };
    handler.removed = [this, version](k8s::JsonView object) { book_->Removed(version, object); };
    handler.list_ends = [this, version] { book_->ListEnds(version); };
    handler.failed = [this](const k8s::ApiError& error, std::chrono::milliseconds retry_in) {
      LogWatchFailure(log_, "SparkApplication", error, retry_in);
    };
    watches_.push_back(
        std::make_unique<k8s::Reflector>(client, collection.path, std::move(handler)));
  }
}

void ApplicationWatch::Put(const std::string& version, k8s::JsonView object) {
  const Kept kept = book_->Put(version, object);
  if (kept == Kept::kYes) return;
  const bool full = kept == Kept::kFull;
  if ((full ? told_full_ : told_too_large_).exchange(true)) return;
  const k8s::JsonView metadata = object["metadata"];
  JsonLine line("warn", full
                            ? "there is no room to know more applications"
                            : "the labels and records of an application are too large to be known");
  line.Text("application", std::string(k8s::TextAt(metadata, "namespace")) + "/" +
                               std::string(k8s::TextAt(metadata, "name")))
      .Text("consequence", "its submissions are judged anew, by their own labels");
  log_.Event(LogLevel::kWarn, line);
}

void ApplicationWatch::Start() {
  for (const auto& watch : watches_) watch->Start();
}

void ApplicationWatch::RequestStop() {
  for (const auto& watch : watches_) watch->RequestStop();
}

k8s::WatchesState ApplicationWatch::state() const {
  k8s::WatchesState all;
  for (const auto& watch : watches_) all.Add(watch->state());
  return all;
}

}  // namespace ballast::webhook
