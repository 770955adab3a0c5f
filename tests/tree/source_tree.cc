#include "tests/tree/source_tree.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string_view>

namespace ballast::tree {
namespace {

namespace fs = std::filesystem;

// Of the files under tests/testdata only the names count: they are other people's manifests.
bool IsTestdata(std::string_view path) { return path.starts_with("tests/testdata/"); }

bool IsSource(std::string_view path) { return path.ends_with(".cc") || path.ends_with(".h"); }

std::string FolderOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? "" : path.substr(0, slash));
}

// "a/b/c.cc" -> "c"
std::string StemOf(std::string_view path) { return fs::path(path).stem().string(); }

// The name of the folder that decides what a file may include: "policy", "tests", ...
std::string_view LayerOf(std::string_view path) { return path.substr(0, path.find('/')); }

struct Include {
  std::string_view file;
  bool is_quoted;
};

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::vector<Include> IncludesOf(std::string_view text) {
  constexpr std::string_view kInclude = "#include ";
  std::vector<Include> includes;
  for (const std::string_view line : LinesOf(text)) {
    if (!line.starts_with(kInclude) || line.size() < kInclude.size() + 2) continue;
    const char open = line[kInclude.size()];
    const size_t end = line.find(open == '<' ? '>' : '"', kInclude.size() + 1);
    includes.push_back({line.substr(kInclude.size() + 1, end - kInclude.size() - 1), open == '"'});
  }
  return includes;
}

// C++'s own headers are single words without a suffix.
bool IsStandardHeader(std::string_view file) {
  return std::all_of(file.begin(), file.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '8'; });
}

bool MayInclude(std::string_view layer, const Include& include) {
  const std::string_view file = include.file;
  if (!include.is_quoted) return layer != "policy" || IsStandardHeader(file);
  if (layer == "policy") return file.starts_with("policy/");
  if (layer == "k8s") return file.starts_with("policy/") || file.starts_with("k8s/");
  if (layer == "certs") return file.starts_with("certs/") || file == "policy/result.h";
  if (layer == "webhook") return !file.starts_with("tests/");
  return true;
}

// The ids that a rule file gives to its rules: `.id = "executor-shape"` in either spelling.
bool SaysId(std::string_view text, const std::string& id) {
  return text.find('"' + id + '"') != std::string_view::npos;
}

// The sources of policy/rules that hold a rule, by stem.
std::vector<std::string> RuleStems(const SourceTree& tree) {
  std::vector<std::string> stems;
  for (const auto& [path, text] : tree) {
    if (FolderOf(path) != "policy/rules" || !path.ends_with(".cc")) continue;
    if (text.find("const Rule k") != std::string::npos) stems.push_back(StemOf(path));
  }
  return stems;
}

std::string IdOf(std::string stem) {
  std::replace(stem.begin(), stem.end(), '_', '-');
  return stem;
}

// "executor_shape" -> "kExecutorShape"
std::string ConstantOf(std::string_view stem) {
  std::string constant = "k";
  bool upper = true;
  for (const char c : stem) {
    if (c != '_') constant += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = c == '_';
  }
  return constant;
}

// Whether a CMakeLists.txt says `name` as a word of its own, and not in a comment.
bool ListsName(std::string_view lists, const std::string& name) {
  for (const std::string_view line : LinesOf(lists)) {
    std::string words = " " + std::string(line.substr(0, line.find('#'))) + " ";
    std::replace_if(
        words.begin(), words.end(), [](char c) { return c == '(' || c == ')' || c == '\t'; }, ' ');
    if (words.find(" " + name + " ") != std::string::npos) return true;
  }
  return false;
}

std::string_view TextOf(const SourceTree& tree, const std::string& path) {
  const auto found = tree.find(path);
  return found == tree.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

SourceTree ReadTree(const fs::path& root) {
  SourceTree tree;
  for (auto entry = fs::recursive_directory_iterator(root);
       entry != fs::recursive_directory_iterator(); ++entry) {
    const std::string name = entry->path().filename().string();
    const bool is_build = entry.depth() == 0 && name.starts_with("build");
    if (is_build || (name.starts_with('.') && name != ".ci")) {
      entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file()) continue;
    std::ifstream file(entry->path(), std::ios::binary);
    tree.emplace(fs::relative(entry->path(), root).generic_string(),
                 std::string(std::istreambuf_iterator<char>(file), {}));
  }
  return tree;
}

std::vector<std::string> ForbiddenIncludes(const SourceTree& tree) {
  std::vector<std::string> mistakes;
  for (const auto& [path, text] : tree) {
    if (!IsSource(path)) continue;
    for (const Include& include : IncludesOf(text)) {
      const std::string file(include.file);
      if (!MayInclude(LayerOf(path), include)) {
        mistakes.push_back(path + ": may not include " + file);
      } else if (include.is_quoted && !tree.contains(file) && !tree.contains(file + ".in")) {
        mistakes.push_back(path + ": includes " + file + ", which is no file from the root on");
      } else if (include.is_quoted && (file.ends_with(".cc") || StemOf(file) == "main")) {
        mistakes.push_back(path + ": nothing includes " + file);
      }
    }
  }
  return mistakes;
}

std::vector<std::string> ForbiddenClocks(const SourceTree& tree) {
  constexpr std::array<std::string_view, 5> kClocks = {"_clock::now", "time(nullptr)", "time(NULL)",
                                                       "gettimeofday", "clock_gettime"};
  std::vector<std::string> mistakes;
  for (const auto& [path, text] : tree) {
    if (!IsSource(path)) continue;
    if (LayerOf(path) != "policy" && !path.starts_with("certs/rotation")) continue;
    for (const std::string_view clock : kClocks) {
      if (text.find(clock) == std::string::npos) continue;
      mistakes.push_back(path + ": time is a value here, not a call of " + std::string(clock));
    }
  }
  return mistakes;
}

std::vector<std::string> ForbiddenTexts(const SourceTree& tree) {
  // Cut in two, or this file would be its own first mistake.
  const std::array<std::string, 8> forbidden = {
      "/wo"
      "rk/",
      "/ro"
      "ot/",
      "/home/"
      "user",
      "deb.deb"
      "ian.org",
      "pypi"
      ".org",
      "proxy."
      "golang",
      "registry."
      "npmjs",
      "TO"
      "DO"};
  std::vector<std::string> mistakes;
  for (const auto& [path, text] : tree) {
    if (IsTestdata(path)) continue;
    for (const std::string& word : forbidden) {
      if (text.find(word) != std::string::npos) mistakes.push_back(path + ": says " + word);
    }
  }
  return mistakes;
}

std::vector<std::string> ForeignCode(const SourceTree& tree) {
  constexpr std::array<std::string_view, 9> kNames = {"httplib.h",  "httplib.cc",   "json.hpp",
                                                      "simdjson.h", "simdjson.cpp", "CLI11.hpp",
                                                      "spdlog.h",   "yaml.h",       "gtest-all.cc"};
  constexpr std::array<std::string_view, 5> kFolders = {"third_party", "third-party", "vendor",
                                                        "external", "node_modules"};
  std::vector<std::string> mistakes;
  for (const auto& [path, text] : tree) {
    if (IsTestdata(path)) continue;
    const fs::path parts(path);
    bool is_foreign = std::find(kNames.begin(), kNames.end(), parts.filename()) != kNames.end();
    for (const fs::path& part : parts) {
      is_foreign |= std::find(kFolders.begin(), kFolders.end(), part) != kFolders.end();
    }
    is_foreign |= IsSource(path) && text.find(
                                        "Copy"
                                        "right") != std::string::npos;
    if (is_foreign) mistakes.push_back(path + ": code of others comes by package, not by copy");
  }
  return mistakes;
}

std::vector<std::string> HeadersWithoutPragmaOnce(const SourceTree& tree) {
  std::vector<std::string> mistakes;
  for (const auto& [path, text] : tree) {
    if (path.ends_with(".h") && text.find("\n#pragma once\n") == std::string::npos) {
      mistakes.push_back(path + ": has no #pragma once");
    }
  }
  return mistakes;
}

std::vector<std::string> SourcesWithoutCMakeLine(const SourceTree& tree) {
  std::vector<std::string> mistakes;
  for (const auto& [path, text] : tree) {
    if (!path.ends_with(".cc")) continue;
    // Named in the CMakeLists.txt of its own folder or of one above it, by the path from there.
    bool is_listed = false;
    for (std::string folder = FolderOf(path); !is_listed; folder = FolderOf(folder)) {
      const std::string prefix = folder.empty() ? "" : folder + "/";
      const std::string_view lists = TextOf(tree, prefix + "CMakeLists.txt");
      const std::string name = path.substr(prefix.size());
      is_listed = ListsName(lists, name);
      // A fuzz target is listed by its name alone: ballast_fuzz(quantity ...).
      const std::string_view suffix = "_fuzz.cc";
      if (name.ends_with(suffix)) {
        const std::string target = name.substr(0, name.size() - suffix.size());
        is_listed |= lists.find("ballast_fuzz(" + target) != std::string_view::npos;
      }
      if (folder.empty()) break;
    }
    if (!is_listed) mistakes.push_back(path + ": is in no CMakeLists.txt");
  }
  return mistakes;
}

std::vector<std::string> UnlistedRules(const SourceTree& tree) {
  const std::string_view list = TextOf(tree, "policy/rules/rules.cc");
  std::vector<std::string> mistakes;
  for (const std::string& stem : RuleStems(tree)) {
    const std::string path = "policy/rules/" + stem + ".cc";
    const std::string constant = ConstantOf(stem);
    if (!SaysId(TextOf(tree, path), IdOf(stem))) {
      mistakes.push_back(path + ": its rule's id is not \"" + IdOf(stem) + "\"");
    }
    bool is_listed = false;
    for (const char after : {',', ' ', '\n', '}'}) {
      is_listed |= list.find("&" + constant + after) != std::string_view::npos;
    }
    if (!is_listed) mistakes.push_back(path + ": " + constant + " is not in rules.cc's list");
  }
  return mistakes;
}

std::vector<std::string> UndescribedRules(const SourceTree& tree) {
  const std::string_view readme = TextOf(tree, "policy/README.md");
  std::vector<std::string> mistakes;
  for (const std::string& stem : RuleStems(tree)) {
    if (readme.find("`" + IdOf(stem) + "`") == std::string_view::npos) {
      mistakes.push_back("policy/README.md: does not describe `" + IdOf(stem) + "`");
    }
  }
  return mistakes;
}

std::vector<std::string> UntestedRules(const SourceTree& tree) {
  std::vector<std::string> mistakes;
  for (const std::string& stem : RuleStems(tree)) {
    const std::string twin = "tests/policy/rules/" + stem + "_test.cc";
    if (!tree.contains(twin)) mistakes.push_back("policy/rules/" + stem + ".cc: has no " + twin);
  }
  return mistakes;
}

}  // namespace ballast::tree
