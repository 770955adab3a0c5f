#include "webhook/diagnose/log_files.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "webhook/diagnose/message_numbers.h"

namespace ballast::webhook {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostFiles = 10'000;
constexpr int kMostDepth = 4;  // folders in folders
constexpr std::string_view kRolling = "eventlog_v2_";

bool IsInProgress(std::string_view name) {
  return name.find(".inprogress") != std::string_view::npos;
}

// What stands beside logs and is none: checksums, hidden files.
bool IsAside(std::string_view name) { return name.starts_with('.') || name.ends_with(".crc"); }

std::vector<fs::path> EntriesOf(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code failed;
  for (auto entry = fs::directory_iterator(folder, failed);
       !failed && entry != fs::directory_iterator() && entries.size() < kMostFiles;
       entry.increment(failed)) {
    entries.push_back(entry->path());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

// events_N_.. in the order of N. What a compacted file holds makes those up to its N needless.
LogFiles Rolling(const fs::path& folder, std::string name) {
  LogFiles log = {.name = std::move(name)};
  std::map<int64_t, std::string> files;
  int64_t compacted = 0;
  for (const fs::path& path : EntriesOf(folder)) {
    const std::string file = path.filename().string();
    if (file.starts_with("appstatus_")) log.in_progress |= IsInProgress(file);
    if (!file.starts_with("events_")) continue;
    const int64_t number = std::max<int64_t>(LeadingNumber(After(file, "events_")), 0);
    const bool compact = file.find(".compact") != std::string::npos;
    if (compact) compacted = std::max(compacted, number);
    std::string& kept = files[number];
    if (kept.empty() || compact) kept = path.string();
  }
  for (auto& [number, path] : files) {
    if (number >= compacted) log.paths.push_back(std::move(path));
  }
  return log;
}

bool IsFolder(const fs::path& path) {
  std::error_code failed;
  return fs::is_directory(path, failed);
}

void Collect(const fs::path& folder, const std::string& prefix, int depth,
             std::vector<LogFiles>& logs) {
  for (const fs::path& path : EntriesOf(folder)) {
    const std::string file = path.filename().string();
    if (IsAside(file) || logs.size() >= kMostFiles) continue;
    const std::string name = prefix + file;
    if (!IsFolder(path)) {
      logs.push_back({.name = name, .paths = {path.string()}, .in_progress = IsInProgress(file)});
    } else if (file.starts_with(kRolling)) {
      logs.push_back(Rolling(path, name));
    } else if (depth < kMostDepth) {
      Collect(path, name + "/", depth + 1, logs);
    }
  }
}

}  // namespace

policy::Result<std::vector<LogFiles>> FindLogs(const std::string& argument) {
  std::vector<LogFiles> logs;
  if (argument == "-") return std::vector<LogFiles>{{.name = "standard input", .paths = {"-"}}};
  fs::path path(argument);
  if (!path.has_filename()) path = path.parent_path();
  const std::string file = path.filename().string();
  std::error_code failed;
  if (!fs::exists(path, failed)) return policy::Error{argument, "there is no such file or folder"};
  if (!IsFolder(path)) {
    return std::vector<LogFiles>{
        {.name = argument, .paths = {argument}, .in_progress = IsInProgress(file)}};
  }
  if (file.starts_with(kRolling)) {
    logs.push_back(Rolling(path, argument));
  } else {
    Collect(path, "", 0, logs);
  }
  std::erase_if(logs, [](const LogFiles& log) { return log.paths.empty(); });
  if (logs.empty()) {
    return policy::Error{argument,
                         "holds no logs; give an application's event log or its console logs"};
  }
  return logs;
}

size_t SizeOf(const std::vector<LogFiles>& logs) {
  size_t size = 0;
  for (const LogFiles& log : logs) {
    for (const std::string& path : log.paths) {
      std::error_code failed;
      const auto bytes = fs::file_size(path, failed);
      if (!failed) size += bytes;
    }
  }
  return size;
}

}  // namespace ballast::webhook
