// SPDX-License-Identifier: Apache-2.0

#ifndef CTOML_H
#define CTOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a value of a TOML file is.
enum ctoml_kind {
    ctoml_kind_table,
    ctoml_kind_array,
    ctoml_kind_string,
    ctoml_kind_integer,
    ctoml_kind_boolean,
    ctoml_kind_time,
    ctoml_kind_other,
};

/// A value of a TOML file. A table, and an array, is followed by the values in it, each with all that is in itself.
struct ctoml_value {
    enum ctoml_kind kind;
    /// The key that it has in its table, in UTF-8; empty in an array.
    const char *key;
    size_t key_length;
    /// A string's characters, in UTF-8.
    const char *text;
    size_t text_length;
    /// A whole number; a boolean as 0 or 1; how many values a table, or an array, has.
    int64_t number;
};

/// A file that was read, or why it could not be: then there are no values, and there is a message.
struct ctoml_file {
    const struct ctoml_value *values;
    size_t count;
    const char *message;
    unsigned line;
    unsigned column;
    /// What the pointers above point into.
    void *storage;
};

/// Reads the text of a TOML file, which must stay where it is for the time of the call alone. The file is released with
/// ctoml_release.
struct ctoml_file ctoml_read(const char *text, size_t length);

void ctoml_release(struct ctoml_file file);

#ifdef __cplusplus
}
#endif

#endif
