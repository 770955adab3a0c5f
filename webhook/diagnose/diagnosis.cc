#include "webhook/diagnose/diagnosis.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include "webhook/diagnose/log_files.h"
#include "webhook/diagnose/progress_bar.h"
#include "webhook/diagnose/read_application.h"

namespace ballast::webhook {
namespace {

constexpr unsigned kMostAtOnce = 4;

using Found = policy::Result<std::vector<LogFiles>>;

policy::Result<Diagnosis> DiagnoseOne(const std::string& argument, const Found& logs, bool keep_run,
                                      ProgressBar& progress) {
  if (!logs.ok()) return logs.error();
  auto run = ReadApplication(argument, *logs, [&](size_t bytes) { progress.Advance(bytes); });
  if (!run.ok()) return run.error();
  Diagnosis diagnosis = MakeDiagnosis(*run);
  if (keep_run) {
    diagnosis.run = std::make_shared<const policy::ApplicationRun>(*std::move(run));
  }
  return diagnosis;
}

}  // namespace

Diagnosis MakeDiagnosis(const policy::ApplicationRun& run) {
  return {.source = run.source,
          .id = run.id,
          .name = run.name,
          .spark_version = run.spark_version_text,
          .started = run.started,
          .ended = run.ended,
          .finished = run.finished,
          .has_event_log = run.has_event_log,
          .totals = run.totals,
          .executors = run.executors_seen,
          .inputs = run.inputs,
          .findings = policy::Diagnose(run),
          .uses = policy::UsesOf(run),
          .run = nullptr};
}

std::vector<policy::Result<Diagnosis>> DiagnoseAll(const std::vector<std::string>& arguments,
                                                   bool keep_runs) {
  std::vector<Found> logs;
  size_t total = 0;
  for (const std::string& argument : arguments) {
    logs.push_back(FindLogs(argument));
    if (logs.back().ok()) total += SizeOf(*logs.back());
  }
  ProgressBar progress(total);
  std::vector<std::optional<policy::Result<Diagnosis>>> made(arguments.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < arguments.size(); i = next++) {
      made[i] = DiagnoseOne(arguments[i], logs[i], keep_runs, progress);
    }
  };
  const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1U, kMostAtOnce);
  std::vector<std::thread> workers;
  for (size_t i = 1; i < std::min<size_t>(cores, arguments.size()); ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  std::vector<policy::Result<Diagnosis>> results;
  for (auto& result : made) results.push_back(*std::move(result));
  return results;
}

}  // namespace ballast::webhook
