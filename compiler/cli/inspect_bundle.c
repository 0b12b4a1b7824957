// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "cli/inspect.h"

#include <tpc/sign.h>

/* False when the image has a label that differs from @want. */
static bool label_agrees(const struct bundle_image *image, const char *key, const char *want)
{
	const char *said = json_string_value(json_object_get(image->labels, key));

	return !said || (want && !strcmp(said, want));
}

static void check_label(struct tpc_ctx *c, const struct inspected *in, const char *key, const char *want)
{
	if (!label_agrees(in->image, key, want))
		tpc_warning(&c->diags, TPC_NOWHERE, TPC_W_BUNDLE_LABEL,
			    "%s: label '%s' of the image for %s does not say what the object is", in->path,
			    key, in->image->arch);
}

bool inspect_check_image(struct tpc_ctx *c, const struct inspected *in)
{
	const char *arch = bundle_object_arch(&in->object);

	check_label(c, in, BUNDLE_LABEL_PROGRAMS, bundle_program_label(c->arena, &in->object));
	check_label(c, in, BUNDLE_LABEL_MAPS, bundle_map_label(c->arena, &in->object));
	check_label(c, in, BUNDLE_LABEL_MANIFEST, bundle_manifest_label(c->arena, &in->object));
	if (arch && !strcmp(arch, in->image->arch))
		return true;
	tpc_error(&c->diags, TPC_NOWHERE, TPC_E_BUNDLE, "%s: the image is for %s and the object in it is not",
		  in->path, in->image->arch);
	return false;
}

void inspect_image_text(const struct inspected *in, FILE *to)
{
	const struct bundle_image *image = in->image;
	char id[2 * SIGN_ID_BYTES + 1];

	fputs("\n  image ", to);
	cli_put_text(to, image->digest);
	fputs(" for linux/", to);
	cli_put_text(to, image->arch);
	fprintf(to, ", %zu layer%s, ", image->nlayers, image->nlayers == 1 ? "" : "s");
	if (!image->signature)
		fputs("not signed", to);
	else if (sign_claimed(image->signature, strlen(image->signature), id))
		fprintf(to, "says that key %s signed it (not checked)", id);
	else
		fputs("with a signature that cannot be read", to);
	fputs("\n  file ", to);
	cli_put_text(to, image->object_name);
}

json_t *inspect_image_json(const struct bundle_image *image)
{
	json_t *j = json_pack("{s:s, s:s, s:s, s:I, s:s}", "digest", image->digest, "os", "linux",
			      "architecture", image->arch, "layers", (json_int_t)image->nlayers, "file",
			      image->object_name);
	char id[2 * SIGN_ID_BYTES + 1];
	bool has = image->signature && sign_claimed(image->signature, strlen(image->signature), id);

	json_object_set_new(j, "claims_key", has ? json_string(id) : json_null());
	return j;
}
