#include "webhook/operator/operator.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "webhook/operator/policy_status.h"
#include "webhook/operator/policy_watch.h"
#include "webhook/policy_file/policy_object.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using k8s::ApiError;
using k8s::Instant;
using nlohmann::json;

constexpr int64_t kMicros = 1'000'000;
constexpr const char* kNoLease = "the Lease could not be asked for";
constexpr const char* kNoPods = "pods may not be listed: nothing is told of them";

int64_t SecondsOf(Instant now) { return now.unix_micros / kMicros; }

std::string PathOf(const StoredPolicy& stored) {
  const std::string root = "/apis/" + std::string(kPolicyApiVersion);
  if (stored.kind == kPolicyKind) return root + "/sparkresourcepolicies/" + stored.name;
  return root + "/namespaces/" + stored.namespace_name + "/sparkpolicyexceptions/" + stored.name;
}

OperatorOptions WithClock(OperatorOptions options) {
  if (!options.clock) options.clock = NowInstant;
  return options;
}

}  // namespace

Instant NowInstant() {
  using std::chrono::duration_cast;
  return {
      duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count(),
      duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count()};
}

Operator::Operator(OperatorOptions options, OperatorParts parts)
    : options_(WithClock(std::move(options))),
      parts_(parts),
      candidate_(options_.lease),
      started_seconds_(SecondsOf(options_.clock())) {
  parts_.metrics.Leader(false);
  if (options_.reports) reports_.emplace(*options_.reports, parts_.client);
}

Operator::~Operator() { Stop(); }

void Operator::Start() {
  thread_ = std::make_unique<std::jthread>([this] {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!stop_.stop_requested()) {
      Round();
      wake.wait_for(lock, stop_.get_token(), std::chrono::seconds(1), [] { return false; });
    }
  });
}

void Operator::Stop() {
  stop_.request_stop();
  thread_.reset();
  if (!leads_.load()) return;
  StopLeading();
  // Others take over at once instead of waiting until it runs out; if it fails, they wait.
  if (const auto error = k8s::Release(parts_.client, candidate_, options_.clock())) {
    Tell("the Lease was not given back", Describe(*error));
  }
}

// Once, and not each second.
void Operator::Tell(const char* message, std::string error) {
  std::string& told = told_[message];
  if (told == error) return;
  JsonLine line("warn", message);
  line.Text("error", error);
  parts_.log.Event(LogLevel::kWarn, line);
  told = std::move(error);
}

bool Operator::StillLeads() const {
  return !stop_.stop_requested() && candidate_.Leads(options_.clock());
}

void Operator::Round() {
  const Instant now = options_.clock();
  AskForLease(now);
  const bool leads = candidate_.Leads(options_.clock());
  if (leads && !leads_.load()) BeginToLead(now);
  if (!leads && leads_.load()) StopLeading();
  if (!leads) return;
  if (StatusesAreDue(now)) WriteStatuses(now);
  MakeEvents(now);
  CountUnjudged();
  if (reports_) StepReports(now);
}

// What users wait for comes with the book; nodes, counts and the end of an exception by themselves.
bool Operator::StatusesAreDue(Instant now) {
  constexpr int64_t kAnyway = 10'000;
  const uint64_t version = parts_.book.version();
  if (looked_at_ && version == looked_version_ && now.steady_millis - *looked_at_ < kAnyway) {
    return false;
  }
  looked_at_ = now.steady_millis;
  looked_version_ = version;
  return true;
}

void Operator::AskForLease(Instant now) {
  if (asked_at_ && now.steady_millis - *asked_at_ < options_.lease_round_millis) return;
  asked_at_ = now.steady_millis;
  if (const auto error =
          k8s::TryToLead(parts_.client, candidate_, options_.clock, stop_.get_token())) {
    if (error->reason != k8s::kStopped) Tell(kNoLease, Describe(*error));
  } else {
    told_.erase(kNoLease);
  }
}

void Operator::BeginToLead(Instant) {
  leads_ = true;
  parts_.metrics.Leader(true);
  JsonLine line("info", "leading");
  line.Text("lease", options_.lease.namespace_name + "/" + options_.lease.name)
      .Text("identity", options_.lease.identity);
  parts_.log.Event(LogLevel::kInfo, line);
  for (const Collection& collection : JudgedCollections()) WatchApplications(collection);
  WatchMismatches();
  absence_ = AbsenceBefore(candidate_.taken_over(), started_seconds_);
}

void Operator::CountUnjudged() {
  if (!absence_) return;
  const auto drivers = CountDrivers(parts_.client, *absence_, stop_.get_token());
  if (!drivers) {
    if (drivers.error().forbidden()) {
      TellForbidden();
    } else if (drivers.error().reason != k8s::kStopped) {
      Tell("drivers that nobody judged could not be counted", Describe(drivers.error()));
    }
    // Asked again in the next round, unless the server refuses for good.
    const int status = drivers.error().status;
    if (status >= 400 && status < 500 && status != 429) absence_.reset();
    return;
  }
  JsonLine line(*drivers > 0 ? "warn" : "info", "drivers that started while nobody judged them");
  line.Number("drivers", *drivers)
      .Text("from", PrintMoment(absence_->from))
      .Text("to", PrintMoment(absence_->to));
  parts_.log.Event(*drivers > 0 ? LogLevel::kWarn : LogLevel::kInfo, line);
  parts_.metrics.Unjudged(*drivers);
  absence_.reset();
}

void Operator::WatchApplications(const Collection& collection) {
  k8s::ReflectorHandler handler;
  handler.list_begins = [this, collection] { decisions_.ListBegins(collection); };
  handler.put = [this, collection](k8s::JsonView object) {
    decisions_.Put(collection, object, SecondsOf(options_.clock()));
  };
  handler.removed = [this](k8s::JsonView object) { decisions_.Removed(object); };
  handler.list_ends = [this, collection] { decisions_.ListEnds(collection); };
  handler.failed = [this, collection](const ApiError& error, std::chrono::milliseconds retry) {
    LogWatchFailure(parts_.log, collection.kind, error, retry);
  };
  watches_.push_back(
      std::make_unique<k8s::Reflector>(parts_.client, collection.path, std::move(handler)));
  watches_.back()->Start();
}

// No fault: where submissions are not judged, the chart gives no right on pods.
void Operator::TellForbidden() {
  if (told_forbidden_.exchange(true)) return;
  JsonLine line("info", kNoPods);
  parts_.log.Event(LogLevel::kInfo, line);
}

// Few pods are ever marked, so that this is no list of all pods.
void Operator::WatchMismatches() {
  k8s::ReflectorHandler handler;
  handler.list_begins = [] {};
  handler.put = [this](k8s::JsonView pod) {
    const auto snapshot = parts_.snapshot.Current();
    auto event = mismatches_.Tell(pod, snapshot->applications.get(), SecondsOf(options_.clock()));
    if (event) decisions_.Add(*std::move(event));
  };
  handler.removed = [](k8s::JsonView) {};
  handler.list_ends = [] {};
  handler.failed = [this](const ApiError& error, std::chrono::milliseconds retry) {
    if (error.forbidden()) return TellForbidden();
    LogWatchFailure(parts_.log, "executors' pods", error, retry);
  };
  k8s::ReflectorOptions options;
  options.metadata_only = true;
  // A right that is given meanwhile is found while the pods that it is about are still young.
  options.forbidden_wait = std::chrono::minutes(5);
  watches_.push_back(std::make_unique<k8s::Reflector>(parts_.client, kMismatchedPods,
                                                      std::move(handler), options));
  watches_.back()->Start();
}

void Operator::StopLeading() {
  for (const auto& watch : watches_) watch->RequestStop();
  watches_.clear();
  decisions_.Clear();
  mismatches_.Clear();
  absence_.reset();
  if (reports_) reports_->Clear();
  written_.clear();
  looked_at_.reset();
  leads_ = false;
  parts_.metrics.Leader(false);
  JsonLine line("info", "not leading any more");
  parts_.log.Event(LogLevel::kInfo, line);
}

void Operator::WriteStatuses(Instant now) {
  const int64_t seconds = SecondsOf(now);
  const auto snapshot = parts_.snapshot.Current();
  const bool counted = decisions_.complete();
  const std::map<std::string, int64_t> rewrites = decisions_.CountsByPolicy();
  StatusFacts facts;
  facts.now_seconds = seconds;
  facts.policies = &snapshot->policies;
  facts.namespaces = snapshot->namespaces.get();
  facts.cluster = &snapshot->cluster;
  facts.replica = options_.replica;
  facts.since_seconds = started_seconds_;
  std::map<std::string, int64_t> written;
  size_t writes = 0;
  for (const StoredPolicy& stored : parts_.book.All()) {
    const auto last = written_.find(stored.uid);
    std::optional<int64_t> last_written;
    if (last != written_.end()) last_written = last->second;
    if (last_written) written.emplace(stored.uid, *last_written);
    if (writes >= options_.statuses_per_round || !StillLeads()) {
      looked_at_.reset();  // the others in the next round
      continue;
    }
    facts.counts = parts_.tally.Of(stored.name);
    const auto found = rewrites.find(stored.name);
    if (counted) facts.stored_rewrites = found == rewrites.end() ? 0 : found->second;
    const json status = StatusOf(stored, facts);
    if (!DueNow(ChangeBetween(stored.status, status), last_written, seconds)) continue;
    ++writes;
    written[stored.uid] = seconds;
    parts_.metrics.StatusWritten(WriteStatus(stored, status));
  }
  written_ = std::move(written);
}

bool Operator::WriteStatus(const StoredPolicy& stored, const json& status) {
  // The uid keeps it from an object that was made anew under the same name.
  const json body = {{"metadata", {{"uid", stored.uid}}}, {"status", status}};
  const auto done = parts_.client.Patch(PathOf(stored) + "/status", k8s::PatchType::kMerge, body,
                                        stop_.get_token());
  if (done.ok() || done.error().not_found() || done.error().status == 409) return true;
  if (done.error().reason != k8s::kStopped) {
    Tell("a status could not be written", PathOf(stored) + ": " + Describe(done.error()));
  }
  return false;
}

void Operator::MakeEvents(Instant now) {
  std::vector<DecisionEvent> events = decisions_.TakeEvents(options_.events_per_round);
  size_t made = 0;
  while (made < events.size() && StillLeads() && MakeEvent(events[made], now)) ++made;
  events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(made));
  decisions_.GiveBack(std::move(events));
  parts_.metrics.EventsDropped(decisions_.dropped());
}

// False: to be tried again.
bool Operator::MakeEvent(const DecisionEvent& event, Instant now) {
  const std::string path = "/api/v1/namespaces/" + event.namespace_name + "/events";
  const int64_t seconds = SecondsOf(now);
  if (event.count > 1) {
    const auto counted = parts_.client.Patch(path + "/" + event.name, k8s::PatchType::kMerge,
                                             EventCountJson(event, seconds), stop_.get_token());
    if (counted.ok()) {
      parts_.metrics.EventMade(true);
      return true;
    }
    if (!counted.error().not_found()) return !MayRetry(counted.error());
  }
  const auto made =
      parts_.client.Post(path, EventJson(event, options_.replica, seconds), stop_.get_token());
  // One that is there was made by the leader before us.
  if (made.ok() || made.error().status == 409) {
    parts_.metrics.EventMade(true);
    return true;
  }
  return !MayRetry(made.error());
}

// Whether the call may do better later. What the server refuses for good is given up.
bool Operator::MayRetry(const ApiError& error) {
  parts_.metrics.EventMade(false);
  if (error.reason != k8s::kStopped) Tell("an Event could not be made", Describe(error));
  return error.status == 0 || error.status == 429 || error.status >= 500;
}

// Not before it is known which policies there are: without them most would look well.
void Operator::StepReports(Instant now) {
  constexpr const char* kNotInstalled = "no reports are written: openreports.io is not installed";
  if (parts_.book.version() == 0 || !StillLeads()) return;
  const auto error = reports_->Step(*parts_.snapshot.Current(), now, stop_.get_token());
  if (error && error->reason != k8s::kStopped) {
    Tell("a scan for reports was given up", Describe(*error));
  }
  if (reports_->absent() && !told_absent_) {
    JsonLine line("info", kNotInstalled);
    parts_.log.Event(LogLevel::kInfo, line);
  }
  told_absent_ = reports_->absent();
  parts_.metrics.Reports(reports_->counts());
}

}  // namespace ballast::webhook
