// The decisions that stored applications carry (ballast.dev/decision), and the Events that tell of
// them: one Event a decision, counted up when the same decision is given to the object again. What
// is not stored (a dry-run, a refusal) has none. Any thread.
//
// Of each object only its uid, a digest, its generation and the policies' names are kept, and of
// objects without a decision nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "k8s/json_view.h"

namespace ballast::webhook {

// A kind whose stored objects are watched. Objects of a list do not say what they are.
struct Collection {
  std::string api_version;
  std::string kind;
  std::string path;  // "/apis/sparkoperator.k8s.io/v1beta2/sparkapplications"

  auto operator<=>(const Collection&) const = default;
};
// Those of all kinds that Ballast judges, in each of their versions: which of them a cluster serves
// is not known, and an object that comes in two counts once.
std::vector<Collection> JudgedCollections();

// One Event to make, or to count up.
struct DecisionEvent {
  std::string api_version, kind, namespace_name, object, uid;  // of the application
  std::string name;                                            // of the Event
  std::string message;
  int64_t count = 1;  // over 1: the Event is there already, as far as we know
  std::string type = "Normal";
  std::string reason = "Rewritten";
  std::string action = "Rewrite";

  bool operator==(const DecisionEvent&) const = default;
};
// As core/v1 has it; `reporter` is the replica that makes it.
nlohmann::json EventJson(const DecisionEvent& event, std::string_view reporter,
                         int64_t now_seconds);
// The name of an Event about this object: the same for the same text, so that a new leader does not
// tell again what the last one told.
std::string EventName(std::string_view object, std::string_view uid, std::string_view text);
// What is changed of one that is there.
nlohmann::json EventCountJson(const DecisionEvent& event, int64_t now_seconds);

class StoredDecisions {
 public:
  // As a list and a watch of one collection tell it.
  void ListBegins(const Collection& collection);
  void Put(const Collection& collection, k8s::JsonView object, int64_t now_seconds);
  void Removed(k8s::JsonView object);
  void ListEnds(const Collection& collection);
  // Another replica leads: all is forgotten.
  void Clear();

  // One more to make, of what is no stored decision.
  void Add(DecisionEvent event);

  // The oldest ones, at most `most`, which are no longer waiting then.
  std::vector<DecisionEvent> TakeEvents(size_t most);
  // Back to the front, after a failure.
  void GiveBack(std::vector<DecisionEvent> events);
  // Events that were never made since too many waited.
  uint64_t dropped() const;

  // Whether every collection was listed: before, counts are of a part.
  bool complete() const;
  // Stored applications by the policies that their decision names, without generations:
  // "team-a,organisation".
  std::map<std::string, int64_t> CountsByPolicy() const;

 private:
  struct Seen {
    uint64_t digest = 0;
    int64_t generation = 0;
    int64_t count = 1;
    const Collection* collection = nullptr;  // that told of it first; in listings_
    std::string policies;
  };
  struct Listing {
    bool running = true;
    bool first = true;
    std::unordered_set<std::string> uids;
  };
  void MakeRoom();
  void Tell(const Collection& collection, k8s::JsonView object, std::string_view decision,
            const Seen& seen);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Seen> seen_;  // by uid
  std::map<Collection, Listing> listings_;
  std::deque<DecisionEvent> waiting_;
  uint64_t dropped_ = 0;
};

}  // namespace ballast::webhook
