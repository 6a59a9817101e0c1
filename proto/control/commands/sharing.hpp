// publish and unpublish: what this peer offers.
#pragma once

#include "proto/control/commands/words.hpp"

namespace p2pd::proto::table {

inline constexpr std::array publish_arguments{Parameter{.name = "path",
                                                        .kind = Kind::path,
                                                        .help = "files or folders to publish",
                                                        .required = true,
                                                        .each = true}};
inline constexpr std::array<std::string_view, 3> symlink_rules{"keep", "follow", "refuse"};
inline constexpr std::array publish_options{
    Parameter{.name = "name", .help = "publish under this name instead of the file's own"},
    Parameter{.name = "copy", .kind = Kind::flag, .help = "copy it into a share folder first"},
    Parameter{.name = "chunk-size", .kind = Kind::size, .help = "a power of two, 16 KiB to 4 MiB"},
    Parameter{.name = "exclude",
              .help = "in a folder, skip what matches; repeatable",
              .list = true,
              .value = "GLOB"},
    Parameter{.name = "skip-special",
              .kind = Kind::flag,
              .help = "skip what a content cannot contain, with a warning"},
    Parameter{.name = "links",
              .help = "treatment of symlinks: keep, follow or refuse",
              .value = "HOW",
              .choices = symlink_rules},
    Parameter{.name = "wait-copies",
              .kind = Kind::count,
              .help = "return when N peers have all of it",
              .value = "N"}};
inline constexpr std::array skipped_fields{
    Field{.name = "path", .meaning = "path below the published folder"},
    Field{.name = "why", .meaning = "what it is"}};
inline constexpr Record skipped{skipped_fields};
inline constexpr std::array published_fields = joined(
    content_fields, chunk_fields, chunk_size_fields,
    std::array{
        Field{.name = "path", .meaning = "path of the content"},
        Field{.name = "trackers",
              .type = integer,
              .meaning = "number of trackers that acknowledged it"},
        Field{.name = "copies",
              .type = integer,
              .null = "--wait-copies is not given",
              .meaning = "number of peers that have all of it"},
        Field{.name = "already",
              .type = boolean,
              .meaning = "whether it was already published, unchanged"},
        Field{.name = "skipped",
              .type = object,
              .list = true,
              .record = &skipped,
              .meaning = "what --skip-special skipped, at most 1,000"},
        Field{.name = "skipped_total", .type = integer, .meaning = "number of skipped entries"},
        warning});
inline constexpr Record published{published_fields};
inline constexpr std::array<std::string_view, 2> publish_stages{"hash", "copies"};
inline constexpr std::array publishing_fields{
    Field{.name = "stage", .type = word, .words = publish_stages, .meaning = "current stage"},
    Field{.name = "name", .meaning = "the content's name"},
    Field{.name = "done_bytes",
          .type = integer,
          .unit = Unit::bytes,
          .only = "while it is hashed",
          .meaning = "bytes hashed"},
    Field{.name = "size",
          .type = integer,
          .unit = Unit::bytes,
          .only = "while it is hashed",
          .meaning = "total size"},
    Field{.name = "copies",
          .type = integer,
          .only = "while waiting for copies",
          .meaning = "number of peers that have all of it"},
    Field{.name = "wanted",
          .type = integer,
          .only = "while waiting for copies",
          .meaning = "number of copies to wait for"}};
inline constexpr Record publishing{publishing_fields};
inline constexpr std::array publish_examples{
    Example{"p2pctl publish /srv/images/debian.iso", "share a file under its own name"},
    Example{"p2pctl publish build.tar --name nightly", "share it as \"nightly\""},
    Example{"p2pctl publish --copy ~/talk.mp4", "share a copy of a file outside the share folders"},
    Example{"p2pctl publish /srv/site --exclude .git --exclude '*.tmp'",
            "a folder without these files"},
    Example{"p2pctl publish /srv/venv --skip-special", "skip symlinks that lead out of the folder"},
    Example{"p2pctl publish build.tar --wait-copies 3", "return when two other peers have it too"}};

inline constexpr std::array unpublished_fields{
    Field{.name = "name", .meaning = "the content's name"},
    Field{.name = "id", .type = content_id, .meaning = "the content id"}};
inline constexpr Record unpublished{unpublished_fields};
inline constexpr std::array unpublish_examples{
    Example{"p2pctl unpublish nightly", "stop offering it; the file stays"}};

inline constexpr std::array sharing_commands{
    Command{.name = "publish",
            .runs = on_peer,
            .summary = "hash files and offer them to all peers",
            .arguments = publish_arguments,
            .options = publish_options,
            .examples = publish_examples,
            .result = &published,
            .event = &publishing,
            .together = "files"},
    Command{.name = "unpublish",
            .runs = on_peer,
            .summary = "stop offering a content",
            .arguments = one_content,
            .examples = unpublish_examples,
            .result = &unpublished}};

} // namespace p2pd::proto::table
