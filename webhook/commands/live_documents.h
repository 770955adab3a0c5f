// Which Spark objects a command is about: those of files, or those of the live cluster, chosen as
// kubectl chooses them: by name, by namespace, or all.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "k8s/manifest.h"
#include "webhook/commands/inputs.h"

namespace ballast::webhook {

struct DocumentChoice {
  std::vector<std::string> files;  // -f
  std::vector<std::string> names;  // "sessions", "sparkapplication/sessions"
  std::string namespace_name;      // -n; with -f, of documents that do not name theirs
  bool all = false;                // -A
  bool live() const { return files.empty(); }
  // Whether anything was said; without it a command may be about no object at all.
  bool any() const { return !files.empty() || !names.empty() || all; }
};
void AddDocumentChoice(Command command, DocumentChoice& choice);

// The documents of the files, or the objects of the cluster as their users wrote them, with
// "SparkApplication team-a/sessions" for a place. nullopt: something cannot be read or is not
// there, which was printed. No object at all is said on standard error.
std::optional<std::vector<k8s::ManifestDocument>> LoadDocuments(const DocumentChoice& choice,
                                                                const ClusterOptions& cluster);

}  // namespace ballast::webhook
