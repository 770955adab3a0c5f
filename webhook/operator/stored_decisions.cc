#include "webhook/operator/stored_decisions.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>

#include "k8s/json_text.h"
#include "k8s/kinds/kind.h"
#include "k8s/text_at.h"
#include "webhook/admission/annotations.h"
#include "webhook/admission/record.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using k8s::JsonView;
using k8s::TextAt;
using nlohmann::json;

// What a new leader finds is told only if it is this young: older decisions were told by the one
// before it. An Event's name is made of its decision, so that one which was told is not told twice.
constexpr int64_t kYoungSeconds = 600;
constexpr size_t kMostWaiting = 10'000;
constexpr size_t kMostSeen = 500'000;
constexpr size_t kLongestDecision = 8192;
constexpr size_t kLongestMessage = 1000;  // the API server takes 1024 bytes

// FNV-1a.
uint64_t Digest(std::string_view text, uint64_t hash = 0xcbf29ce484222325) {
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

// "team-a@3,organisation@12" -> "team-a,organisation"
std::string WithoutGenerations(std::string_view versions) {
  std::string names;
  bool in_generation = false;
  for (const char c : versions) {
    if (c == '@') in_generation = true;
    if (c == ',') in_generation = false;
    if (!in_generation) names += c;
  }
  return names;
}

std::string TextIn(const json& summary, const char* key) {
  const auto found = summary.find(key);
  return found != summary.end() && found->is_string() ? found->get<std::string>() : "";
}

json ReadSummary(std::string_view decision) {
  if (decision.size() > kLongestDecision) return json::object();
  json summary = k8s::ParseJson(decision);
  return summary.is_object() ? summary : json::object();
}

// "28g", "unset"; nullopt of what is no single value.
std::optional<std::string> ValueText(const std::optional<json>& value) {
  constexpr size_t kLongestValue = 60;
  if (!value || value->is_null()) return "unset";
  if (value->is_structured()) return std::nullopt;
  std::string text = k8s::TextOrJson(*value);
  if (text.size() > kLongestValue) return std::nullopt;
  return text;
}

// "/spec/executor/memory: 28g became 14g, and 2 more"; empty where nothing is recorded.
std::string ChangesOf(std::string_view original) {
  constexpr size_t kMostTold = 4;
  const policy::Result<Record> record = ParseRecord(original);
  if (!record.ok()) return "";
  std::string text;
  size_t told = 0;
  size_t more = 0;
  for (const RecordedPath& path : record->paths) {
    const auto was = ValueText(path.was);
    const auto now = ValueText(path.now);
    if (!was || !now) continue;
    if (told == kMostTold) {
      ++more;
      continue;
    }
    text += (told++ == 0 ? "" : ", ") + path.path + ": " + *was + " became " + *now;
  }
  if (more > 0) text += ", and " + std::to_string(more) + " more";
  return text;
}

std::string MessageOf(const json& summary, std::string_view original) {
  std::string text = "Ballast rewrote it (" + TextIn(summary, "rules") + "; policy " +
                     TextIn(summary, "policy") + ")";
  const std::string before = TextIn(summary, "before");
  const std::string after = TextIn(summary, "after");
  const std::string changes = ChangesOf(original);
  if (before != after) text += ": " + before + " became " + after;
  if (!changes.empty()) text += (before != after ? "; " : ": ") + changes;
  text += ". `ballast restore` prints what was written.";
  if (text.size() <= kLongestMessage) return text;
  text.resize(kLongestMessage);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.pop_back();
  return text + "...";
}

std::string EventName(std::string_view object, uint64_t digest) {
  constexpr size_t kLongestObject = 200;
  std::array<char, 20> hex{};
  std::snprintf(hex.data(), hex.size(), ".%016llx", static_cast<unsigned long long>(digest));
  std::string name(object.substr(0, kLongestObject));
  while (!name.empty() && (name.back() == '.' || name.back() == '-')) name.pop_back();
  return name + hex.data();
}

}  // namespace

json EventJson(const DecisionEvent& event, std::string_view reporter, int64_t now_seconds) {
  const std::string now = PrintMoment(now_seconds);
  return {{"apiVersion", "v1"},
          {"kind", "Event"},
          {"metadata", {{"name", event.name}, {"namespace", event.namespace_name}}},
          {"involvedObject",
           {{"apiVersion", event.api_version},
            {"kind", event.kind},
            {"namespace", event.namespace_name},
            {"name", event.object},
            {"uid", event.uid}}},
          {"type", event.type},
          {"reason", event.reason},
          {"action", event.action},
          {"message", event.message},
          {"count", event.count},
          {"firstTimestamp", now},
          {"lastTimestamp", now},
          {"source", {{"component", "ballast"}}},
          {"reportingComponent", "ballast.dev/ballast"},
          {"reportingInstance", reporter}};
}

std::string EventName(std::string_view object, std::string_view uid, std::string_view text) {
  return EventName(object, Digest(text, Digest(uid)));
}

json EventCountJson(const DecisionEvent& event, int64_t now_seconds) {
  return {{"count", event.count}, {"lastTimestamp", PrintMoment(now_seconds)}};
}

std::vector<Collection> JudgedCollections() {
  std::vector<Collection> collections;
  for (const k8s::Kind* kind : k8s::AllKinds()) {
    if (kind->group.empty()) continue;  // pods and ConfigMaps follow from an application
    for (const std::string_view version : kind->versions) {
      Collection one;
      one.api_version = std::string(kind->group) + "/" + std::string(version);
      one.kind = kind->kind;
      one.path = "/apis/" + one.api_version + "/" + PluralOf(*kind);
      collections.push_back(std::move(one));
    }
  }
  return collections;
}

void StoredDecisions::ListBegins(const Collection& collection) {
  const std::scoped_lock lock(mutex_);
  Listing& listing = listings_[collection];
  listing.running = true;
  listing.uids.clear();
}

void StoredDecisions::MakeRoom() {
  if (waiting_.size() < kMostWaiting) return;
  waiting_.pop_front();
  ++dropped_;
}

void StoredDecisions::Add(DecisionEvent event) {
  const std::scoped_lock lock(mutex_);
  MakeRoom();
  waiting_.push_back(std::move(event));
}

void StoredDecisions::Tell(const Collection& collection, JsonView object, std::string_view decision,
                           const Seen& seen) {
  MakeRoom();
  const JsonView metadata = object["metadata"];
  DecisionEvent event;
  event.api_version = collection.api_version;
  event.kind = collection.kind;
  event.namespace_name = TextAt(metadata, "namespace");
  event.object = TextAt(metadata, "name");
  event.uid = TextAt(metadata, "uid");
  event.name = EventName(event.object, seen.digest);
  event.message = MessageOf(ReadSummary(decision),
                            TextAt(metadata["annotations"], kOriginal).substr(0, kLongestDecision));
  event.count = seen.count;
  waiting_.push_back(std::move(event));
}

void StoredDecisions::Put(const Collection& collection, JsonView object, int64_t now_seconds) {
  const std::scoped_lock lock(mutex_);
  const JsonView metadata = object["metadata"];
  const std::string uid(TextAt(metadata, "uid"));
  const std::string_view decision = TextAt(metadata["annotations"], kDecision);
  if (decision.empty()) {
    seen_.erase(uid);
    return;
  }
  const auto [place, added] = listings_.try_emplace(collection);
  Listing& listing = place->second;
  if (listing.running) listing.uids.insert(uid);
  const uint64_t digest = Digest(decision, Digest(uid));
  const int64_t generation = metadata["generation"].integer().value_or(0);
  const auto found = seen_.find(uid);
  if (found == seen_.end()) {
    if (seen_.size() >= kMostSeen) return;
    const Seen seen{digest, generation, 1, &place->first,
                    WithoutGenerations(TextIn(ReadSummary(decision), "policy"))};
    const auto created = ReadMoment(TextAt(metadata, "creationTimestamp"));
    const bool young = created.ok() && now_seconds - *created < kYoungSeconds;
    if (!listing.first || young) Tell(collection, object, decision, seen);
    seen_.emplace(uid, seen);
    return;
  }
  Seen& seen = found->second;
  if (seen.collection != &place->first) return;  // the same object in another version
  const bool same = seen.digest == digest;
  if (same && seen.generation == generation) return;
  seen.generation = generation;
  seen.count = same ? seen.count + 1 : 1;
  if (!same) {
    seen.digest = digest;
    seen.policies = WithoutGenerations(TextIn(ReadSummary(decision), "policy"));
  }
  Tell(collection, object, decision, seen);
}

void StoredDecisions::Removed(JsonView object) {
  const std::scoped_lock lock(mutex_);
  seen_.erase(std::string(TextAt(object["metadata"], "uid")));
}

void StoredDecisions::ListEnds(const Collection& collection) {
  const std::scoped_lock lock(mutex_);
  const auto place = listings_.try_emplace(collection).first;
  Listing& listing = place->second;
  std::erase_if(seen_, [&](const auto& one) {
    return one.second.collection == &place->first && !listing.uids.contains(one.first);
  });
  listing = {.running = false, .first = false, .uids = {}};
}

void StoredDecisions::Clear() {
  const std::scoped_lock lock(mutex_);
  seen_.clear();
  listings_.clear();
  waiting_.clear();
}

uint64_t StoredDecisions::dropped() const {
  const std::scoped_lock lock(mutex_);
  return dropped_;
}

std::vector<DecisionEvent> StoredDecisions::TakeEvents(size_t most) {
  const std::scoped_lock lock(mutex_);
  std::vector<DecisionEvent> events;
  while (!waiting_.empty() && events.size() < most) {
    events.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return events;
}

void StoredDecisions::GiveBack(std::vector<DecisionEvent> events) {
  const std::scoped_lock lock(mutex_);
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (waiting_.size() >= kMostWaiting) {
      ++dropped_;
    } else {
      waiting_.push_front(std::move(*event));
    }
  }
}

bool StoredDecisions::complete() const {
  const std::scoped_lock lock(mutex_);
  return std::ranges::all_of(JudgedCollections(), [this](const Collection& collection) {
    const auto found = listings_.find(collection);
    return found != listings_.end() && !found->second.first;
  });
}

std::map<std::string, int64_t> StoredDecisions::CountsByPolicy() const {
  const std::scoped_lock lock(mutex_);
  std::map<std::string, int64_t> counts;
  for (const auto& [uid, seen] : seen_) {
    std::string_view names = seen.policies;
    while (!names.empty()) {
      const size_t comma = names.find(',');
      ++counts[std::string(names.substr(0, comma))];
      names = comma == std::string_view::npos ? std::string_view() : names.substr(comma + 1);
    }
  }
  return counts;
}

}  // namespace ballast::webhook
