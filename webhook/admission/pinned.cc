#include "webhook/admission/pinned.h"

#include <utility>

#include "webhook/admission/answer_texts.h"
#include "webhook/admission/granted.h"
#include "webhook/admission/planned.h"
#include "webhook/admission/restore.h"
#include "webhook/admission/review.h"
#include "webhook/admission/settings_text.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

bool MayHaveWritten(const k8s::Kind& kind, const RecordedPath& recorded) {
  if (recorded.was && recorded.was->is_structured()) return false;
  if (recorded.now && recorded.now->is_object()) {
    for (const std::string_view made : kind.may_make) {
      if (made == recorded.path) return recorded.now->empty();
    }
    return false;
  }
  if (!kind.settings_text.empty() && recorded.path == kind.settings_text) return false;
  return kind.may_patch(recorded.path) || IsSettingInText(kind, recorded.path);
}

policy::Result<Record> ReadFitting(const Case& c, std::string_view text) {
  policy::Result<Record> record = ReadRecordFor(c.kind, text);
  if (!record) return record;
  const bool in_text = !c.kind.settings_text.empty();
  const json opened = in_text ? Opened(c.kind, c.request.object) : json();
  if (!HoldsRecorded(in_text ? k8s::JsonView(opened) : c.request.object, *record)) {
    return policy::Error{"/paths", "says what does not stand in the object"};
  }
  return record;
}

// null where there is none.
json ReadApplied(std::string_view text) {
  policy::Result<json> read = ReadBoundedJson(text);
  return read ? *std::move(read) : json();
}

bool IsStored(const Case& c, std::string_view key, std::string_view value) {
  const auto stored = c.stored.ours.find(key);
  return c.update && stored != c.stored.ours.end() && stored->second == value;
}

// What the annotations say that was decided: the object as it stands, or what its plan makes of it.
// nullopt where they cannot be of this object.
std::optional<policy::Workload> WorkloadDecided(const Case& c) {
  policy::Result<policy::Workload> workload = ReadWorkload(c, c.request.object);
  if (!workload) return std::nullopt;
  const auto planned = c.own.ours.find(kPlanned);
  if (planned != c.own.ours.end()) return ResultOfPlan(planned->second, *workload);
  return *std::move(workload);
}

// A submission is held to the sizes that the decision says, so they must be those of this object.
std::string ForgedDecision(const Case& c) {
  const auto decision = c.own.ours.find(kDecision);
  if (decision == c.own.ours.end() || IsStored(c, kDecision, decision->second)) return {};
  if (c.own.original().empty() && !c.own.ours.contains(kPlanned)) {
    return "ballast.dev/decision comes without an original";
  }
  const std::optional<policy::Workload> decided = WorkloadDecided(c);
  if (decided && SizesDecided(decision->second) == SizesInBrief(*decided)) return {};
  return "ballast.dev/decision is not of this object";
}

}  // namespace

policy::Result<Record> ReadRecordFor(const k8s::Kind& kind, std::string_view text) {
  policy::Result<Record> record = ParseRecord(text);
  if (!record) return record;
  for (const RecordedPath& path : record->paths) {
    if (!MayHaveWritten(kind, path)) return policy::Error{path.path, "is not Ballast's to write"};
  }
  return record;
}

std::optional<Record> StoredRecord(const Case& c) {
  if (!c.update || c.stored.original().empty()) return std::nullopt;
  policy::Result<Record> record = ReadRecordFor(c.kind, c.stored.original());
  if (!record) return std::nullopt;
  return std::move(*record);
}

json UserText(const Case& c, const Record& record, bool trusted) {
  json text = Opened(c.kind, c.request.object);
  json last_applied, applied_before;
  if (trusted && c.own.last_applied != c.stored.last_applied) {
    last_applied = ReadApplied(c.own.last_applied);
    applied_before = ReadApplied(c.stored.last_applied);
  }
  RestorePaths(text, record, last_applied, applied_before);
  return Closed(c.kind, c.request.object, std::move(text), record);
}

bool StillHolds(const Case& c, const Record& record, k8s::JsonView user_text) {
  return !c.asks_again() && !c.refuses_rewrites() && DigestOfAsked(user_text) == record.asked;
}

policy::Result<Record> ClaimedRecord(const Case& c) { return ReadFitting(c, c.own.original()); }

std::string ForgedBecause(const Case& c) {
  for (const auto& [key, value] : c.own.ours) {
    if (key == kDecision || IsStored(c, key, value)) continue;
    if (key != kOriginal && key != kPlanned) return std::string(key) + " has no meaning";
    if (key == kPlanned) {
      if (!HoldsPlan(c.request.object, value) || !WorkloadDecided(c)) {
        return "ballast.dev/planned is not of this object";
      }
      continue;
    }
    const policy::Result<Record> record = ReadFitting(c, value);
    if (!record) return "ballast.dev/original: " + record.error().where + " " + record.error().what;
    if (DigestOfAsked(k8s::JsonView(UserText(c, *record, false))) != record->asked) {
      return "ballast.dev/original: /asked is of another object";
    }
  }
  return ForgedDecision(c);
}

}  // namespace ballast::webhook
