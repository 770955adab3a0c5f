#include "webhook/commands/read_files.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <memory>
#include <utility>

#include "k8s/namespace_objects.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {
namespace {

constexpr size_t kLargestInput = size_t{64} << 20;

}  // namespace

policy::Result<std::string> ReadInput(const std::string& path) {
  const bool standard_input = path == "-";
  const std::unique_ptr<FILE, int (*)(FILE*)> file(
      standard_input ? stdin : std::fopen(path.c_str(), "rb"),
      standard_input ? [](FILE*) { return 0; } : &std::fclose);
  if (!file) {
    return policy::Error{path, std::string("cannot be opened: ") + std::strerror(errno)};
  }
  std::string text;
  char block[1 << 16];
  size_t got = 0;
  while ((got = std::fread(block, 1, sizeof block, file.get())) > 0) {
    text.append(block, got);
    if (text.size() > kLargestInput) {
      return policy::Error{path, "is larger than 64 MiB: split it into several files"};
    }
  }
  if (std::ferror(file.get()) != 0) {
    return policy::Error{path, std::string("cannot be read: ") + std::strerror(errno)};
  }
  return text;
}

std::variant<policy::PolicySet, std::vector<policy::Error>> ReadPolicies(
    const std::vector<std::string>& files) {
  std::vector<policy::Policy> policies;
  std::vector<policy::PolicyException> exceptions;
  std::vector<policy::Error> mistakes;
  for (const std::string& path : files) {
    const auto text = ReadInput(path);
    if (!text) {
      mistakes.push_back(text.error());
      continue;
    }
    auto read = ReadPolicyFile(*text, path);
    if (auto* found = std::get_if<std::vector<policy::Error>>(&read)) {
      std::move(found->begin(), found->end(), std::back_inserter(mistakes));
      continue;
    }
    auto& file = std::get<PolicyFile>(read);
    std::move(file.policies.begin(), file.policies.end(), std::back_inserter(policies));
    std::move(file.exceptions.begin(), file.exceptions.end(), std::back_inserter(exceptions));
  }
  if (!mistakes.empty()) return mistakes;
  return policy::PolicySet(std::move(policies), std::move(exceptions));
}

policy::Result<policy::NamespaceStates> ReadNamespaces(const std::vector<std::string>& files) {
  const auto documents = ReadManifestFiles(files);
  if (!documents) return documents.error();
  k8s::NamespaceCollector collector;
  for (const k8s::ManifestDocument& document : *documents) {
    const k8s::JsonView object(document.object);
    const auto added = collector.Add(object["kind"].string().value_or(""), object);
    if (added.ok()) continue;
    return policy::Error{document.PlaceOf(added.error().where),
                         added.error().where + " " + added.error().what};
  }
  return std::move(collector).Take();
}

policy::Result<std::vector<k8s::ManifestDocument>> ReadManifestFiles(
    const std::vector<std::string>& files) {
  std::vector<k8s::ManifestDocument> all;
  for (const std::string& path : files) {
    const auto text = ReadInput(path);
    if (!text) return text.error();
    auto documents = k8s::ReadManifests(*text, path == "-" ? "standard input" : path);
    if (!documents) return documents.error();
    std::move(documents->begin(), documents->end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace ballast::webhook
