# embed_files(TARGET NAMESPACE NAME=FILE ...): makes a source of string constants out of files, so that
# the binary carries them. Declared in a header of the caller's: `extern const std::string_view NAME;`.
function(embed_files target namespace)
  set(source "// Made by cmake/EmbedFiles.cmake.\n#include <string_view>\n\nnamespace ${namespace} {\n")
  foreach(pair ${ARGN})
    string(REGEX MATCH "^([^=]+)=(.+)$" matched ${pair})
    set(name ${CMAKE_MATCH_1})
    set(file ${CMAKE_CURRENT_SOURCE_DIR}/${CMAKE_MATCH_2})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(APPEND source "extern const std::string_view ${name};\n"
           "const std::string_view ${name} = R\"embedded(${text})embedded\";\n")
  endforeach()
  string(APPEND source "}  // namespace ${namespace}\n")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded.cc)
  file(GENERATE OUTPUT ${output} CONTENT "${source}")
  target_sources(${target} PRIVATE ${output})
endfunction()
