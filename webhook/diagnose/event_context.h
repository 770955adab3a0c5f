// What reading an event may need besides the event.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "webhook/diagnose/json_fields.h"
#include "webhook/diagnose/log_message.h"
#include "webhook/diagnose/run_builder.h"

namespace ballast::webhook {

struct EventContext {
  RunBuilder& builder;
  std::string source;
  std::unordered_set<int64_t> broadcast_sizes =
      {};  // accumulators that count a broadcast table's bytes
  std::unordered_set<std::string> in_memory = {};  // cached blocks, with their executor
  int64_t number = 0;                              // of the event in the log
  std::string_view line = {};

  // Everything that a message of Spark's says.
  void Message(std::string_view text, MessagePlace place) const {
    ForEachSeen(text, place, [&](const policy::Seen& seen) { Sighted(seen, text); });
  }
  void Sighted(const policy::Seen& seen, std::string_view text) const;
};

// One event each.
void ReadTaskEnd(EventContext& context, JsonObject event);
void ReadJobStart(EventContext& context, JsonObject event);
void ReadJobEnd(EventContext& context, JsonObject event);
void ReadStage(EventContext& context, JsonObject event, bool completed);
void ReadEnvironment(EventContext& context, JsonObject event);
void ReadPlan(EventContext& context, JsonObject event);
void ReadDriverAccumulators(EventContext& context, JsonObject event);
void ReadBlockUpdate(EventContext& context, JsonObject event);

// The memory that an executor reported, and how long it collected garbage so far.
struct ReportedMemory {
  policy::MemorySample sample;
  int64_t own_gc_time = 0;
};
ReportedMemory ReadExecutorMetrics(JsonObject metrics);

}  // namespace ballast::webhook
