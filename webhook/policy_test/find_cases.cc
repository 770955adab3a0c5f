#include "webhook/policy_test/find_cases.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace ballast::webhook {
namespace {

namespace fs = std::filesystem;

constexpr size_t kDeepest = 16;
constexpr size_t kMostCases = 10'000;

bool IsManifestName(const fs::path& path) {
  const std::string extension = path.extension();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

// What one folder holds, by what it is for.
struct Folder {
  std::string expect;
  PolicyCase files;  // policy, cluster, namespaces and manifests of its own
  std::vector<fs::path> folders;
};

class Search {
 public:
  explicit Search(std::string root) : root_(std::move(root)) {}

  void Walk(const fs::path& path, const PolicyCase& above, size_t depth) {
    const Folder folder = List(path);
    PolicyCase here = folder.files;
    for (std::string PolicyCase::*file :
         {&PolicyCase::policy, &PolicyCase::cluster, &PolicyCase::namespaces}) {
      if ((here.*file).empty()) here.*file = above.*file;
    }
    if (!folder.expect.empty()) {
      here.name = NameOf(path);
      here.expect = folder.expect;
      if (cases.size() < kMostCases) {
        cases.push_back(here);
      } else if (mistakes.empty()) {
        Mistake(path, "is one case more than 10,000");
      }
    } else if (!here.manifests.empty()) {
      Mistake(here.manifests.front(), "has no expect.yaml beside it: nothing would be held");
    }
    if (depth == kDeepest && !folder.folders.empty()) {
      Mistake(path, "lies too deep: at most 16 folders in each other");
      return;
    }
    for (const fs::path& below : folder.folders) Walk(below, here, depth + 1);
  }

  std::vector<PolicyCase> cases;
  std::vector<policy::Error> mistakes;

 private:
  void Mistake(const fs::path& path, std::string what) {
    mistakes.push_back({path.string(), std::move(what)});
  }

  std::string NameOf(const fs::path& path) const {
    std::string name = path.lexically_relative(root_).generic_string();
    if (name != "." && !name.empty()) return name;
    name = fs::path(root_).lexically_normal().filename().string();
    return name.empty() ? root_ : name;
  }

  // A second policy.yml beside policy.yaml would be left out without a word.
  void Set(std::string& file, const fs::path& path) {
    if (!file.empty()) Mistake(path, "stands beside " + file + ": keep one of them");
    file = path.string();
  }

  Folder List(const fs::path& path) {
    Folder folder;
    std::error_code failed;
    std::vector<fs::path> entries;
    for (fs::directory_iterator at(path, failed), end; !failed && at != end; at.increment(failed)) {
      entries.push_back(at->path());
    }
    if (failed) Mistake(path, "cannot be read: " + failed.message());
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries) {
      const std::string stem = entry.stem();
      std::error_code ignored;
      if (entry.filename().string().starts_with('.')) continue;
      if (fs::is_directory(entry, ignored)) {
        if (!fs::is_symlink(entry, ignored)) folder.folders.push_back(entry);
      } else if (!IsManifestName(entry)) {
        continue;
      } else if (stem == "expect") {
        Set(folder.expect, entry);
      } else if (stem == "policy") {
        Set(folder.files.policy, entry);
      } else if (stem == "cluster") {
        Set(folder.files.cluster, entry);
      } else if (stem == "namespaces") {
        Set(folder.files.namespaces, entry);
      } else {
        folder.files.manifests.push_back(entry.string());
      }
    }
    return folder;
  }

  std::string root_;
};

}  // namespace

std::variant<std::vector<PolicyCase>, std::vector<policy::Error>> FindPolicyCases(
    const std::string& folder) {
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) {
    return std::vector<policy::Error>{
        {folder, failed ? "cannot be read: " + failed.message() : "is no folder"}};
  }
  Search search(folder);
  search.Walk(folder, PolicyCase(), 1);
  if (search.cases.empty() && search.mistakes.empty()) {
    search.mistakes.push_back({folder, "holds no case: a case is a folder with an expect.yaml"});
  }
  if (!search.mistakes.empty()) return std::move(search.mistakes);
  std::sort(search.cases.begin(), search.cases.end(),
            [](const PolicyCase& a, const PolicyCase& b) { return a.name < b.name; });
  return std::move(search.cases);
}

}  // namespace ballast::webhook
