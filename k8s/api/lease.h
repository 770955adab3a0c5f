// Who leads, of several replicas: one Lease (coordination.k8s.io/v1), taken, renewed and given back
// as client-go does it. Nothing here waits, and moments are values; a round with the API server,
// which may take long, is given the clock.
//
// The clocks of the replicas are not compared: a Lease has run out once it has stood unchanged for
// its duration on our own clock.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>

#include "k8s/api/client.h"

namespace ballast::k8s {

struct LeaseOptions {
  std::string namespace_name;
  std::string name;
  std::string identity;             // ours; no other replica has the same
  int64_t duration_millis = 15000;  // how long others wait for a holder that says nothing
  int64_t renew_millis = 10000;     // how long we believe to lead without a renewal; shorter
};

// Now, by two clocks.
struct Instant {
  int64_t steady_millis = 0;  // of a clock that only goes forward
  int64_t unix_micros = 0;    // what is written into the Lease, for people
};

// What stands in a Lease.
struct LeaseRecord {
  std::string holder;  // empty: nobody
  int64_t duration_seconds = 0;
  std::string acquire_time;  // "2026-11-21T10:15:30.000000Z"
  std::string renew_time;
  int64_t transitions = 0;

  bool operator==(const LeaseRecord&) const = default;
};
LeaseRecord ReadLease(const nlohmann::json& lease);
// The Lease with this record; what else stands in it (metadata, resourceVersion) stays.
nlohmann::json WriteLease(nlohmann::json lease, const LeaseRecord& record);
std::string PrintMicroTime(int64_t unix_micros);

// One replica that wants to lead. One thread at a time.
class Candidate {
 public:
  explicit Candidate(LeaseOptions options) : options_(std::move(options)) {}

  // What to write after having read `current`; nullopt: another one holds it.
  std::optional<LeaseRecord> Wanted(const LeaseRecord& current, Instant now);
  // It was written.
  void Wrote(const LeaseRecord& record, Instant now);
  // What to write in order to give it back; nullopt: it is not ours.
  std::optional<LeaseRecord> Released(const LeaseRecord& current, Instant now) const;
  void GaveBack();

  bool Leads(Instant now) const;
  // When the one that led before us said last that it does; empty where nobody did.
  const std::string& taken_over() const { return taken_over_; }
  const LeaseOptions& options() const { return options_; }

 private:
  LeaseOptions options_;
  LeaseRecord seen_;
  std::string taken_over_;
  std::optional<int64_t> seen_at_;     // steady; when it last changed
  std::optional<int64_t> renewed_at_;  // steady; our last renewal; nullopt: we do not lead
};

// One round with the API server: reads the Lease, and takes or renews it if it can. A conflict with
// another candidate is no error. Afterwards candidate.Leads() says who leads.
std::optional<ApiError> TryToLead(ApiClient& client, Candidate& candidate,
                                  const std::function<Instant()>& clock,
                                  const std::stop_token& stop = {});
// Gives the Lease back, so that the next one need not wait for it to run out.
std::optional<ApiError> Release(ApiClient& client, Candidate& candidate, Instant now,
                                const std::stop_token& stop = {});

}  // namespace ballast::k8s
