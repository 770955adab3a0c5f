#include "policy/symptoms/sighting.h"

#include <algorithm>

namespace ballast::policy {
namespace {

template <typename T>
void Remember(std::vector<T>& places, const T& place) {
  if (places.size() >= kPlacesKept) return;
  if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
}

}  // namespace

void Sightings::Add(const Seen& seen, const LogLine& where, bool in_event_log) {
  Sighting& sighting = all_[static_cast<size_t>(seen.sight)];
  if (!sighting.seen()) sighting.first = where;
  if (!sighting.seen() || seen.amount > sighting.amount) {
    sighting.worst = where;
    sighting.amount = seen.amount;
    if (seen.limit != 0) sighting.limit = seen.limit;
  }
  if (sighting.limit == 0) sighting.limit = seen.limit;
  ++(in_event_log ? sighting.events : sighting.lines);
  if (sighting.name.empty()) sighting.name = seen.name;
  if (seen.stage >= 0) Remember(sighting.stages, seen.stage);
  if (!seen.executor.empty()) Remember(sighting.executors, seen.executor);
}

void Sightings::Merge(const Sightings& other) {
  for (size_t i = 0; i < kSights; ++i) {
    const Sighting& from = other.all_[i];
    Sighting& to = all_[i];
    if (!from.seen()) continue;
    if (!to.seen()) {
      to = from;
      continue;
    }
    if (from.amount > to.amount) {
      to.worst = from.worst;
      to.amount = from.amount;
      if (from.limit != 0) to.limit = from.limit;
    }
    if (to.limit == 0) to.limit = from.limit;
    to.events += from.events;
    to.lines += from.lines;
    if (to.name.empty()) to.name = from.name;
    for (const int64_t stage : from.stages) Remember(to.stages, stage);
    for (const std::string& executor : from.executors) Remember(to.executors, executor);
  }
}

}  // namespace ballast::policy
