module bootstraptoken

go 1.26
