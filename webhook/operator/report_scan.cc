#include "webhook/operator/report_scan.h"

#include <utility>

#include "k8s/api/list.h"
#include "k8s/text_at.h"
#include "webhook/audit/audit.h"
#include "webhook/operator/report.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using k8s::ApiError;
using k8s::Instant;
using k8s::JsonView;
using k8s::TextAt;
using nlohmann::json;

constexpr int kConflict = 409;
constexpr int kTooMany = 429;

// It has ended, and was made longer ago than that.
bool TooOld(JsonView object, int64_t max_age_seconds, int64_t now_seconds) {
  if (!HasEnded(object)) return false;
  const auto created = ReadMoment(TextAt(object["metadata"], "creationTimestamp"));
  return created.ok() && now_seconds - *created > max_age_seconds;
}

// All but what stays as it is.
json ChangeOf(const json& report) {
  json change = report;
  change.erase("apiVersion");
  change.erase("kind");
  change["metadata"].erase("name");
  change["metadata"].erase("namespace");
  return change;
}

bool SameKind(const Collection& a, const Collection& b) {
  const auto group = [](const Collection& one) {
    return std::string_view(one.api_version).substr(0, one.api_version.find('/'));
  };
  return a.kind == b.kind && group(a) == group(b);
}

}  // namespace

std::optional<ApiError> ReportScan::Step(const Snapshot& snapshot, Instant now,
                                         const std::stop_token& stop) {
  std::optional<ApiError> error;
  if (!writes_.empty()) {
    error = WriteSome(stop);
  } else if (phase_ == Phase::kIdle) {
    if (next_at_ && now.steady_millis < *next_at_) return std::nullopt;
    // By half a view most would look well, and their reports would go.
    if (!snapshot.cluster.known || snapshot.stale_since != 0) return std::nullopt;
    phase_ = Phase::kReports;
    collections_ = JudgedCollections();
    error = ListReports(stop);
  } else if (phase_ == Phase::kReports) {
    error = ListReports(stop);
  } else if (phase_ == Phase::kApplications) {
    error = ScanPage(snapshot, now, stop);
  } else {
    EndScan(now);
  }
  if (!error) {
    if (absent_ && phase_ == Phase::kIdle) EndScan(now);
    return std::nullopt;
  }
  const bool anew = error->gone() && !begun_anew_;
  const ReportCounts counts = counts_;
  Clear();
  counts_ = counts;
  begun_anew_ = anew;
  if (anew) return std::nullopt;
  ++counts_.failed;
  next_at_ = now.steady_millis + options_.interval_seconds * 1000;
  return error;
}

void ReportScan::Clear() {
  phase_ = Phase::kIdle;
  next_at_.reset();
  next_.clear();
  collection_ = 0;
  known_.clear();
  writes_.clear();
  wanted_ = 0;
  left_out_ = 0;
  refused_ = 0;
  begun_anew_ = false;
  counts_ = {};
}

// A page a second is slower than the API server is patient: of a large cluster the token runs out
// within a scan. What it offers then is the rest as it is by now, which is as good here: what has
// changed in the pages before is the next scan's.
bool ReportScan::GoesOn(const ApiError& error) {
  if (!error.gone() || error.next.empty()) return false;
  next_ = error.next;
  return true;
}

// Ours, a page a step.
std::optional<ApiError> ReportScan::ListReports(const std::stop_token& stop) {
  const auto page = k8s::ListPage(
      client_, OwnReportsPath(), next_,
      [&](JsonView report) {
        const JsonView metadata = report["metadata"];
        std::string name(TextAt(metadata, "name"));
        Known known{std::string(TextAt(metadata, "namespace")),
                    std::string(TextAt(metadata["annotations"], kReportDigest))};
        // There may be more of them than there should be: those go.
        if (known_.size() < 2 * options_.most) {
          known_.insert_or_assign(std::move(name), std::move(known));
        } else {
          writes_.push_back({std::move(name), nullptr, std::move(known.namespace_name)});
        }
      },
      {.page_limit = options_.page_limit}, stop);
  if (!page) {
    if (GoesOn(page.error())) return std::nullopt;
    if (!page.error().not_found()) return page.error();
    absent_ = true;
    phase_ = Phase::kIdle;
    return std::nullopt;
  }
  absent_ = false;
  next_ = page->next;
  if (next_.empty()) phase_ = Phase::kApplications;
  return std::nullopt;
}

std::optional<ApiError> ReportScan::ScanPage(const Snapshot& snapshot, Instant now,
                                             const std::stop_token& stop) {
  constexpr int64_t kMicros = 1'000'000;
  if (collection_ == collections_.size()) {
    QueueRemovals();
    phase_ = Phase::kRemovals;
    return std::nullopt;
  }
  const Collection& collection = collections_[collection_];
  const auto page = k8s::ListPage(
      client_, collection.path, next_,
      [&](JsonView object) { Look(collection, object, snapshot, now.unix_micros / kMicros); },
      {.page_limit = options_.page_limit}, stop);
  if (!page && GoesOn(page.error())) return std::nullopt;
  if (!page && !page.error().not_found()) return page.error();
  next_ = page ? page->next : "";  // a kind that is not installed has no objects
  if (!next_.empty()) return std::nullopt;
  // Another version of a kind that is served holds the same objects.
  const size_t done = collection_++;
  while (page && collection_ < collections_.size() &&
         SameKind(collections_[done], collections_[collection_])) {
    ++collection_;
  }
  return std::nullopt;
}

void ReportScan::Look(const Collection& collection, JsonView object, const Snapshot& snapshot,
                      int64_t now_seconds) {
  const JsonView metadata = object["metadata"];
  const std::string uid(TextAt(metadata, "uid"));
  if (uid.empty() || metadata["deletionTimestamp"].string()) return;
  if (TooOld(object, options_.max_age_seconds, now_seconds)) return;
  const k8s::Kind* kind = k8s::FindKind(collection.api_version, collection.kind);
  json stored = object.Copy();
  stored["apiVersion"] = collection.api_version;
  stored["kind"] = collection.kind;
  const Audited audited =
      Audit(ReadStored(stored, *kind, snapshot.read_options, "default"),
            {snapshot.policies, snapshot.cluster, snapshot.namespaces.get(), now_seconds});
  if (!WorthTelling(audited)) return;
  if (wanted_ == options_.most) {
    ++left_out_;
    return;
  }
  ++wanted_;
  const std::string name = ReportName(uid);
  json report = ReportOf(audited, uid, now_seconds);
  const auto found = known_.find(name);
  if (found != known_.end()) found->second.wanted = true;
  const std::string digest = report["metadata"]["annotations"][std::string(kReportDigest)];
  if (found != known_.end() && found->second.digest == digest) return;
  writes_.push_back(
      {name, std::move(report), audited.resource.namespace_name, found == known_.end()});
}

void ReportScan::QueueRemovals() {
  for (auto& [name, known] : known_) {
    if (!known.wanted) writes_.push_back({name, nullptr, std::move(known.namespace_name)});
  }
  known_.clear();
}

std::optional<ApiError> ReportScan::WriteSome(const std::stop_token& stop) {
  for (size_t i = 0; i < options_.writes_per_step && !writes_.empty(); ++i) {
    const Write write = std::move(writes_.front());
    writes_.pop_front();
    if (auto error = WriteOne(write, stop)) return error;
  }
  return std::nullopt;
}

// What went meanwhile is no error. What the server refuses (a namespace that is being taken away)
// is left to the next scan, and stands in no other's way; if it refuses much, all is.
std::optional<ApiError> ReportScan::WriteOne(const Write& write, const std::stop_token& stop) {
  constexpr size_t kMostRefused = 10;
  const std::string collection = ReportsPath(write.namespace_name);
  const std::string path = collection + "/" + write.name;
  const auto settle = [&](const k8s::ApiResult<json>& done) -> std::optional<ApiError> {
    if (done.ok() || done.error().not_found()) {
      ++counts_.written;
      return std::nullopt;
    }
    const int status = done.error().status;
    const bool refused = status >= 400 && status < 500 && status != kTooMany;
    if (!refused || ++refused_ == kMostRefused) return done.error();
    ++counts_.failed;
    return std::nullopt;
  };
  if (write.report.is_null()) return settle(client_.Delete(path, nullptr, stop));
  if (write.is_new) {
    const auto made = client_.Post(collection, write.report, stop);
    if (made.ok() || made.error().status != kConflict) return settle(made);
  }
  return settle(client_.Patch(path, k8s::PatchType::kMerge, ChangeOf(write.report), stop));
}

void ReportScan::EndScan(Instant now) {
  const auto wanted = static_cast<int64_t>(wanted_);
  const int64_t left_out = left_out_;
  const ReportCounts before = counts_;
  Clear();
  counts_ = {wanted, left_out, before.written, before.failed};
  next_at_ = now.steady_millis + options_.interval_seconds * 1000;
}

}  // namespace ballast::webhook
