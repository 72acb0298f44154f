"""`mailflow read`: what one document, or a folder of them, is read as.

``gather`` finds the documents, ``many`` reads them on all cores, ``facts`` and ``findings`` tell each as plain values,
``kept`` is the file of lines an interrupted run goes on from, ``show`` is for people, and ``command`` is what is typed.
"""
