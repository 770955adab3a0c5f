// README and docs/install.md say what the chart really is.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "k8s/kinds/spark_application.h"
#include "tests/helm/helm.h"

namespace ballast::tests {
namespace {

const char* kPages[] = {"README.md", "docs/install.md"};

// The lines of a page's shell blocks that begin with this word, in words.
std::vector<std::vector<std::string>> Commands(const std::string& page, const std::string& first) {
  std::vector<std::vector<std::string>> commands;
  std::istringstream text(ReadSource(page));
  bool shell = false;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("```")) shell = line == "```sh";
    if (!shell || !line.starts_with(first + " ")) continue;
    std::istringstream words(line);
    commands.emplace_back(std::istream_iterator<std::string>(words),
                          std::istream_iterator<std::string>());
  }
  return commands;
}

TEST(Docs, ListEveryPathThatMayChange) {
  const std::string text = ReadSource("docs/install.md");
  for (const k8s::Field& field : k8s::kSparkApplication.fields()) {
    EXPECT_NE(text.find("`" + std::string(field.pointer) + "`"), std::string::npos)
        << field.pointer;
  }
}

// An install that is shown is one that helm can render, up to what stands for the reader's own.
TEST(Docs, ShowInstallsThatRender) {
  BALLAST_NEEDS_HELM();
  int rendered = 0;
  for (const char* page : kPages) {
    for (const std::vector<std::string>& words : Commands(page, "helm")) {
      if (words[1] != "install" && words[1] != "upgrade") continue;
      std::vector<std::string> arguments = {"template", "--kube-version", "1.36.3"};
      for (size_t i = 2; i < words.size(); ++i) {
        if (words[i] == "--reuse-values" || words[i] == "--wait") continue;
        arguments.push_back(words[i] == "image.digest=sha256:..."
                                ? "image.digest=sha256:" + std::string(64, '0')
                                : words[i]);
      }
      const ProgramResult result = RunHelm(arguments);
      EXPECT_EQ(result.status, 0) << page << ": " << words[1] << ": " << result.err;
      ++rendered;
    }
  }
  EXPECT_GE(rendered, 3);
}

// The line that turns Ballast off is the same everywhere, and names what the chart makes.
TEST(Docs, KnowTheWayOut) {
  const std::string line =
      "kubectl delete mutatingwebhookconfigurations,validatingwebhookconfigurations ballast "
      "--ignore-not-found";
  for (const char* page : {"README.md", "docs/install.md", "docs/runbooks/README.md"}) {
    EXPECT_NE(ReadSource(page).find(line), std::string::npos) << page;
  }
  std::string notes = ReadSource("helm/ballast/templates/NOTES.txt");
  notes = std::regex_replace(notes, std::regex("\\{\\{ \\$name \\}\\}"), "ballast");
  EXPECT_NE(notes.find(line), std::string::npos);
  const std::string made = ReadSource("tests/testdata/helm/default/want.yaml");
  for (const char* kind : {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}) {
    EXPECT_NE(made.find("kind: " + std::string(kind) + "\nmetadata:\n  name: ballast\n"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace ballast::tests
