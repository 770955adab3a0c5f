// What the repository's own files must keep to, beside what the compiler checks: who may include
// whom, that no source is forgotten, that every rule is listed, described and tested.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ballast::tree {

// Every text of the tree that is ours, by its path from the root with '/' between folders. Build
// folders, caches and whatever begins with a dot are left out.
using SourceTree = std::map<std::string, std::string>;

SourceTree ReadTree(const std::filesystem::path& root);

// Each answers with its mistakes, "path: what is wrong", in the order of the paths.
std::vector<std::string> ForbiddenIncludes(const SourceTree& tree);
std::vector<std::string> ForbiddenClocks(const SourceTree& tree);
std::vector<std::string> ForbiddenTexts(const SourceTree& tree);
std::vector<std::string> ForeignCode(const SourceTree& tree);
std::vector<std::string> HeadersWithoutPragmaOnce(const SourceTree& tree);
std::vector<std::string> SourcesWithoutCMakeLine(const SourceTree& tree);
std::vector<std::string> UnlistedRules(const SourceTree& tree);
std::vector<std::string> UndescribedRules(const SourceTree& tree);
std::vector<std::string> UntestedRules(const SourceTree& tree);

}  // namespace ballast::tree
