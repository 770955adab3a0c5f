#include "webhook/commands/live_documents.h"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

#include "k8s/text_at.h"
#include "webhook/commands/live_inputs.h"

namespace ballast::webhook {
namespace {

using k8s::TextIn;

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// "sessions", "sparkapplication/sessions" or "SparkApplications.sparkoperator.k8s.io/sessions".
bool IsNamed(const nlohmann::json& object, const std::string& wanted) {
  const size_t slash = wanted.find('/');
  if (slash == std::string::npos) return TextIn(object, "/metadata/name") == wanted;
  if (TextIn(object, "/metadata/name") != wanted.substr(slash + 1)) return false;
  const std::string type = Lower(wanted.substr(0, slash));
  const std::string kind = Lower(TextIn(object, "/kind"));
  const std::string version = TextIn(object, "/apiVersion");
  const std::string group = "." + version.substr(0, version.find('/'));
  return type == kind || type == kind + "s" || type == kind + group || type == kind + "s" + group;
}

// Those that are named; a name that nothing has is a mistake.
std::optional<std::vector<nlohmann::json>> Named(std::vector<nlohmann::json> objects,
                                                 const DocumentChoice& choice,
                                                 const std::string& space) {
  if (choice.names.empty()) return objects;
  std::vector<nlohmann::json> named;
  bool found_all = true;
  for (const std::string& name : choice.names) {
    bool found = false;
    for (const nlohmann::json& object : objects) {
      if (!IsNamed(object, name)) continue;
      named.push_back(object);
      found = true;
    }
    if (!found) {
      Complain({name, "is no Spark application" + (choice.all ? "" : " of namespace " + space)});
    }
    found_all = found_all && found;
  }
  if (!found_all) return std::nullopt;
  return named;
}

}  // namespace

void AddDocumentChoice(Command command, DocumentChoice& choice) {
  const Option files =
      command
          .AddOption("-f,--filename", choice.files,
                     "Manifest of one or many documents; - is standard input; repeatable")
          .TypeName("FILE")
          .OnePerName();
  command
      .AddOption("name", choice.names,
                 "Without -f, applications of the live cluster: sessions or\n"
                 "sparkapplication/sessions")
      .TypeName("NAME")
      .Excludes(files);
  const Option one =
      command
          .AddOption("-n,--namespace", choice.namespace_name,
                     "The namespace of applications, or of documents that do not name theirs\n"
                     "(default: the context's, or default)")
          .TypeName("NAME");
  command
      .AddFlag("-A,--all-namespaces", choice.all, "Without -f, the applications of all namespaces")
      .Excludes(files)
      .Excludes(one);
}

std::optional<std::vector<k8s::ManifestDocument>> LoadDocuments(const DocumentChoice& choice,
                                                                const ClusterOptions& cluster) {
  if (!choice.live()) return LoadManifests(choice.files);
  auto live = LiveCluster::Find(ChoiceOf(cluster));
  if (!live) {
    Complain(live.error());
    return std::nullopt;
  }
  if (!*live) {
    Complain({"", "needs -f FILE, or a live cluster: --context, --kubeconfig or KUBECONFIG"});
    return std::nullopt;
  }
  const std::string space =
      choice.namespace_name.empty() ? (*live)->namespace_name() : choice.namespace_name;
  auto objects = (*live)->Applications(choice.all ? "" : space);
  if (!objects) {
    Complain(objects.error());
    return std::nullopt;
  }
  auto named = Named(*std::move(objects), choice, space);
  if (!named) return std::nullopt;
  std::vector<k8s::ManifestDocument> documents;
  for (nlohmann::json& object : *named) {
    const std::string name = TextIn(object, "/kind") + " " + TextIn(object, "/metadata/namespace") +
                             "/" + TextIn(object, "/metadata/name");
    documents.push_back({std::move(object), {}, name});
  }
  if (documents.empty()) {
    std::fprintf(stderr, "No Spark applications found%s.\n",
                 choice.all ? "" : (" in " + space + " namespace").c_str());
  }
  return documents;
}

}  // namespace ballast::webhook
