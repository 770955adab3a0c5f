#include "k8s/api/lease.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

#include "k8s/text_at.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;

std::string LeasesPath(const LeaseOptions& options) {
  return "/apis/coordination.k8s.io/v1/namespaces/" + options.namespace_name + "/leases";
}

std::string LeasePath(const LeaseOptions& options) {
  return LeasesPath(options) + "/" + options.name;
}

json NewLease(const LeaseOptions& options) {
  return {{"apiVersion", "coordination.k8s.io/v1"},
          {"kind", "Lease"},
          {"metadata", {{"name", options.name}, {"namespace", options.namespace_name}}}};
}

// Another candidate was faster; the next round sees what it wrote.
bool LostRace(const ApiError& error) { return error.status == 409; }

}  // namespace

LeaseRecord ReadLease(const json& lease) {
  const JsonView spec = JsonView(lease)["spec"];
  LeaseRecord record;
  record.holder = TextAt(spec, "holderIdentity");
  record.duration_seconds = spec["leaseDurationSeconds"].integer().value_or(0);
  record.acquire_time = TextAt(spec, "acquireTime");
  record.renew_time = TextAt(spec, "renewTime");
  record.transitions = spec["leaseTransitions"].integer().value_or(0);
  return record;
}

json WriteLease(json lease, const LeaseRecord& record) {
  json& spec = lease["spec"];
  if (!spec.is_object()) spec = json::object();
  // Nobody is said by leaving it out.
  if (record.holder.empty()) {
    spec.erase("holderIdentity");
  } else {
    spec["holderIdentity"] = record.holder;
  }
  spec["leaseDurationSeconds"] = record.duration_seconds;
  spec["leaseTransitions"] = record.transitions;
  spec["acquireTime"] = record.acquire_time;
  spec["renewTime"] = record.renew_time;
  return lease;
}

std::string PrintMicroTime(int64_t unix_micros) {
  const auto seconds = static_cast<std::time_t>(unix_micros / 1'000'000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> day{};
  const size_t length = std::strftime(day.data(), day.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 16> rest{};
  std::snprintf(rest.data(), rest.size(), ".%06dZ", static_cast<int>(unix_micros % 1'000'000));
  return std::string(day.data(), length) + rest.data();
}

std::optional<LeaseRecord> Candidate::Wanted(const LeaseRecord& current, Instant now) {
  if (!seen_at_ || current != seen_) {
    seen_ = current;
    seen_at_ = now.steady_millis;
  }
  const bool ours = current.holder == options_.identity;
  if (!ours && !current.holder.empty()) {
    const int64_t duration =
        current.duration_seconds > 0 ? current.duration_seconds * 1000 : options_.duration_millis;
    if (now.steady_millis - *seen_at_ < duration) {
      renewed_at_.reset();
      return std::nullopt;
    }
  }
  if (!ours) taken_over_ = current.renew_time;
  LeaseRecord wanted;
  wanted.holder = options_.identity;
  wanted.duration_seconds = (options_.duration_millis + 999) / 1000;
  wanted.renew_time = PrintMicroTime(now.unix_micros);
  const bool goes_on = ours && !current.acquire_time.empty();
  wanted.acquire_time = goes_on ? current.acquire_time : wanted.renew_time;
  wanted.transitions = current.transitions + (ours ? 0 : 1);
  return wanted;
}

void Candidate::Wrote(const LeaseRecord& record, Instant now) {
  seen_ = record;
  seen_at_ = now.steady_millis;
  renewed_at_ = now.steady_millis;
}

std::optional<LeaseRecord> Candidate::Released(const LeaseRecord& current, Instant now) const {
  if (current.holder != options_.identity) return std::nullopt;
  LeaseRecord free = current;
  free.holder.clear();
  free.duration_seconds = 1;
  free.renew_time = PrintMicroTime(now.unix_micros);
  return free;
}

void Candidate::GaveBack() { renewed_at_.reset(); }

bool Candidate::Leads(Instant now) const {
  return renewed_at_ && now.steady_millis - *renewed_at_ < options_.renew_millis;
}

std::optional<ApiError> TryToLead(ApiClient& client, Candidate& candidate,
                                  const std::function<Instant()>& clock,
                                  const std::stop_token& stop) {
  const LeaseOptions& options = candidate.options();
  ApiResult<json> read = client.Get(LeasePath(options), stop);
  // Between the answer and the write, since either may take longer than a Lease lasts. Who waits
  // must count from when it saw the Lease, not from when it asked: what it saw may have been
  // written meanwhile. Who holds it must count from before it wrote, as others may see it at once.
  const Instant now = clock();
  const bool missing = !read.ok() && read.error().not_found();
  if (!read.ok() && !missing) return read.error();
  json lease = missing ? NewLease(options) : *std::move(read);
  const std::optional<LeaseRecord> wanted = candidate.Wanted(ReadLease(lease), now);
  if (!wanted) return std::nullopt;
  lease = WriteLease(std::move(lease), *wanted);
  const ApiResult<json> written = missing ? client.Post(LeasesPath(options), lease, stop)
                                          : client.Put(LeasePath(options), lease, stop);
  if (written.ok()) {
    candidate.Wrote(*wanted, now);
  } else if (!LostRace(written.error())) {
    return written.error();
  }
  return std::nullopt;
}

std::optional<ApiError> Release(ApiClient& client, Candidate& candidate, Instant now,
                                const std::stop_token& stop) {
  candidate.GaveBack();
  ApiResult<json> read = client.Get(LeasePath(candidate.options()), stop);
  if (!read.ok()) return read.error();
  const std::optional<LeaseRecord> free = candidate.Released(ReadLease(*read), now);
  if (!free) return std::nullopt;
  const ApiResult<json> written =
      client.Put(LeasePath(candidate.options()), WriteLease(*std::move(read), *free), stop);
  if (!written.ok() && !LostRace(written.error())) return written.error();
  return std::nullopt;
}

}  // namespace ballast::k8s
